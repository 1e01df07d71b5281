package network

import (
	"cmp"
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/tandem-platform/tandem/internal/check"
)

// NATMode says how private subnets reach the internet.
type NATMode string

const (
	// NATPerZone gives every zone a NAT gateway of its own: losing a zone takes
	// nobody else's way out. The default.
	NATPerZone NATMode = "per-zone"
	// NATSingle shares one NAT gateway. It costs a third, and the loss of its zone
	// cuts every private subnet off the internet.
	NATSingle NATMode = "single"
	// NATNone gives private subnets no way out; everything they need has to come
	// through VPC endpoints.
	NATNone NATMode = "none"
)

// FlowLogDestination is where flow logs go.
type FlowLogDestination string

const (
	// FlowLogsToCloudWatch keeps them in CloudWatch Logs, where they can be searched
	// at once. The default.
	FlowLogsToCloudWatch FlowLogDestination = "cloudwatch"
	// FlowLogsToS3 keeps them in S3, as Parquet: half the price to take in
	// (Amazon CloudWatch pricing, vended logs, us-east-1: 0.25 against 0.50 USD per
	// GB) and a tenth to keep.
	FlowLogsToS3 FlowLogDestination = "s3"
)

// NetworkArgs are the arguments of a [Network].
type NetworkArgs struct {
	// CIDR is the VPC's IPv4 block, a private one with a prefix length of 16 to
	// 20; [PlanRegion] gives one that overlaps no other region's. Required; a change
	// replaces the VPC.
	CIDR string
	// Zones are the availability zones to use, two to six of one region. A zone's
	// subnets have their addresses from the zone's letter, so adding a zone
	// changes nothing that exists. The order has no meaning. Required.
	Zones []string
	// Intra adds a tier of subnets for interface endpoints and transit gateway
	// attachments. Default false: endpoints go to the private tier.
	Intra bool
	// IPv6 gives the VPC a /56 of Amazon's and every subnet a /64 of it. Public and
	// private subnets give addresses to what is started in them; private ones reach
	// the internet through an egress-only gateway, unless NAT is [NATNone]. Default
	// false. It can be switched on and, while no machine has such an address, off.
	IPv6 bool
	// NAT says how private subnets reach the internet over IPv4. Default [NATPerZone].
	NAT NATMode
	// NATZone is the zone of the gateway of [NATSingle]. Name it where a zone may be
	// added that comes before it. Default: the first by name. Refused in other modes.
	NATZone string
	// PeerCIDRs are the blocks of the networks that are joined to this one by peering
	// or transit gateway. The data tier's network ACL lets them in. At most eight;
	// default none.
	PeerCIDRs []string
	// Endpoints are the VPC endpoints.
	Endpoints Endpoints
	// FlowLogs says where the record of all traffic goes.
	FlowLogs FlowLogs
	// AllowDestroy lets flow logs and their key be destroyed. Default false: they stay
	// in AWS when they leave the program.
	AllowDestroy bool
}

// Endpoints are the VPC endpoints of a network. Gateway endpoints for S3 and
// DynamoDB are always there, since they cost nothing.
type Endpoints struct {
	// Interface are the services to reach through an interface endpoint in every
	// zone, by the last part of their names, such as "ecr.api", or, for services that
	// are not known here, by their full names, such as
	// "com.amazonaws.us-east-1.bedrock-runtime" or that of an endpoint service of
	// your own. [EndpointsForNodes] and [EndpointsForAdministration] are sets to
	// begin with. The order has no meaning. Default none: each costs 0.01 USD an hour
	// in every zone, about 22 USD a month over three, and saves 0.035 USD per GB that
	// would go through a NAT gateway, so it pays for itself from some 630 GB a month
	// (AWS PrivateLink and Amazon VPC pricing, us-east-1, read 2026-11). Traffic is
	// not the only reason: what comes through an endpoint needs no NAT gateway.
	Interface []string
	// TrustedAccountIDs are the accounts, besides the VPC's own, whose principals
	// may use the endpoints and whose buckets and tables may be reached through
	// them, twelve digits each. Default none.
	TrustedAccountIDs []string
}

// FlowLogs says where the record of all traffic goes. What it is kept in is
// encrypted with a key of the network's own.
type FlowLogs struct {
	// Destination is where they go. Default [FlowLogsToCloudWatch]. A change keeps
	// what has been recorded where it is, unless AllowDestroy is set.
	Destination FlowLogDestination
	// RetentionDays is how long they are kept, in days; in CloudWatch one of the
	// periods that it knows, in S3 any number. Default (zero) 90. Refused with
	// BucketARN.
	RetentionDays int
	// IntervalSeconds is how long packets of a flow are gathered into one record: 60
	// or 600. Default (zero) 60.
	IntervalSeconds int
	// Format is what a record holds: fields as AWS names them, such as
	// "${srcaddr} ${dstaddr} ${pkt-srcaddr}". Default: AWS's own format, version 2.
	Format string
	// BucketARN is a bucket that exists, of a log archive say; its policy has to let
	// delivery.logs.amazonaws.com write. For [FlowLogsToS3] only. Default: the network
	// makes one.
	BucketARN pulumi.StringInput
}

func (a *NetworkArgs) withDefaults() *NetworkArgs {
	d := NetworkArgs{}
	if a != nil {
		d = *a
	}
	d.Zones = slices.Clone(d.Zones)
	d.NAT = cmp.Or(d.NAT, NATPerZone)
	d.FlowLogs.Destination = cmp.Or(d.FlowLogs.Destination, FlowLogsToCloudWatch)
	d.FlowLogs.IntervalSeconds = cmp.Or(d.FlowLogs.IntervalSeconds, 60)
	if d.FlowLogs.BucketARN == nil {
		d.FlowLogs.RetentionDays = cmp.Or(d.FlowLogs.RetentionDays, 90)
	}
	return &d
}

// maxPeers is how many peers leave the data tier's network ACL within the 20
// rules that AWS allows in a direction (Amazon VPC quotas): six zones, the VPC
// in both families, answers in both.
const maxPeers = 8

// Validate returns every problem of the arguments in one error, or nil. It fills
// in defaults first, so it can be asked before a component is made.
func (a *NetworkArgs) Validate(name string) error {
	a = a.withDefaults()
	root := (*field.Path)(nil)
	errs := ValidateCIDR(root.Child("cidr"), a.CIDR)
	errs = append(errs, ValidateZones(root.Child("zones"), a.Zones, "")...)
	errs = append(errs, a.validateNAT(root)...)
	errs = append(errs, a.validatePeers(root.Child("peerCidrs"))...)
	errs = append(errs, a.Endpoints.validate(root.Child("endpoints"), a.Zones)...)
	errs = append(errs, a.FlowLogs.validate(root.Child("flowLogs"))...)
	return check.Error("network \""+name+"\"", errs)
}

func (a *NetworkArgs) validateNAT(root *field.Path) field.ErrorList {
	var errs field.ErrorList
	if modes := []NATMode{NATPerZone, NATSingle, NATNone}; !slices.Contains(modes, a.NAT) {
		errs = append(errs, field.NotSupported(root.Child("nat"), a.NAT, modes))
	}
	switch at := root.Child("natZone"); {
	case a.NATZone == "":
	case a.NAT != NATSingle:
		errs = append(errs, field.Forbidden(at, fmt.Sprintf("goes with nat %q alone; leave it out", NATSingle)))
	case !slices.Contains(a.Zones, a.NATZone):
		errs = append(errs, field.NotSupported(at, a.NATZone, a.Zones))
	}
	return errs
}

func (a *NetworkArgs) validatePeers(path *field.Path) field.ErrorList {
	var errs field.ErrorList
	if len(a.PeerCIDRs) > maxPeers {
		errs = append(errs, field.TooMany(path, len(a.PeerCIDRs), maxPeers))
	}
	own, ownErr := netip.ParsePrefix(a.CIDR)
	for i, cidr := range a.PeerCIDRs {
		p, err := netip.ParsePrefix(cidr)
		switch {
		case err != nil || !p.Addr().Is4() || p.Masked() != p:
			errs = append(errs, field.Invalid(path.Index(i), cidr, "must be an IPv4 block in CIDR notation, such as 10.1.0.0/16"))
		case ownErr == nil && p.Overlaps(own):
			errs = append(errs, field.Invalid(path.Index(i), cidr, fmt.Sprintf("must not overlap the VPC's own block %s", own)))
		case slices.Contains(a.PeerCIDRs[:i], cidr):
			errs = append(errs, field.Duplicate(path.Index(i), cidr))
		}
	}
	return errs
}

func (e *Endpoints) validate(path *field.Path, zones []string) field.ErrorList {
	var errs field.ErrorList
	region := ""
	if len(zones) > 0 {
		if m := zoneName.FindStringSubmatch(zones[0]); m != nil {
			region = m[1]
		}
	}
	seen := map[string]bool{}
	for i, service := range e.Interface {
		at := path.Child("interface").Index(i)
		short := shortService(service, region)
		switch {
		case seen[short]:
			errs = append(errs, field.Duplicate(at, service))
		case short == "s3" || short == "dynamodb":
			errs = append(errs, field.Invalid(at, service, "has a gateway endpoint already, which costs nothing; leave it out"))
		case strings.Contains(service, "com.amazonaws.") || slices.Contains(knownServices, service):
			errs = append(errs, validateServiceName(at, service, region)...)
		default:
			errs = append(errs, field.Invalid(at, service, fmt.Sprintf(
				"must be one of %s, or a service's full name, such as com.amazonaws.%s.bedrock-runtime", strings.Join(knownServices, ", "), cmp.Or(region, "us-east-1"))))
		}
		seen[short] = true
	}
	for i, id := range e.TrustedAccountIDs {
		if !check.IsAccountID(id) {
			errs = append(errs, field.Invalid(path.Child("trustedAccountIds").Index(i), id, "must be the 12 digits of an AWS account"))
		}
	}
	return errs
}

// fullService is the form of an endpoint service's name: AWS's own, with the
// region, or anybody's, with the region and an id.
var fullService = regexp.MustCompile(`^com\.amazonaws\.(?:vpce\.)?([a-z]{2}(?:-[a-z]+)+-\d)\.[a-z0-9][a-z0-9.-]*$`)

func validateServiceName(at *field.Path, service, region string) field.ErrorList {
	if slices.Contains(knownServices, service) {
		return nil
	}
	m := fullService.FindStringSubmatch(service)
	if m == nil {
		return field.ErrorList{field.Invalid(at, service, "must have the form com.amazonaws.REGION.SERVICE or com.amazonaws.vpce.REGION.vpce-svc-ID")}
	}
	if region != "" && m[1] != region {
		return field.ErrorList{field.Invalid(at, service, fmt.Sprintf("must be a service of %s, the region of the zones", region))}
	}
	return nil
}

// formatField is one field of a flow log's format.
var formatField = regexp.MustCompile(`^\$\{[a-z][a-z0-9-]*\}$`)

func (f *FlowLogs) validate(path *field.Path) field.ErrorList {
	var errs field.ErrorList
	destinations := []FlowLogDestination{FlowLogsToCloudWatch, FlowLogsToS3}
	retention := path.Child("retentionDays")
	switch {
	case !slices.Contains(destinations, f.Destination):
		errs = append(errs, field.NotSupported(path.Child("destination"), f.Destination, destinations))
	case f.BucketARN != nil && f.Destination != FlowLogsToS3:
		errs = append(errs, field.Forbidden(path.Child("bucketArn"), fmt.Sprintf("goes with destination %q alone; leave it out", FlowLogsToS3)))
	case f.BucketARN != nil && f.RetentionDays != 0:
		errs = append(errs, field.Forbidden(retention, "a bucket that exists has a life cycle of its own; leave it out"))
	case f.BucketARN == nil && f.Destination == FlowLogsToCloudWatch:
		errs = append(errs, check.LogRetention(retention, f.RetentionDays)...)
	case f.BucketARN == nil && f.RetentionDays < 1:
		errs = append(errs, field.Invalid(retention, f.RetentionDays, "must be a number of days, 1 or more"))
	}
	if f.IntervalSeconds != 60 && f.IntervalSeconds != 600 {
		errs = append(errs, field.Invalid(path.Child("intervalSeconds"), f.IntervalSeconds, "must be 60 or 600"))
	}
	for _, part := range strings.Fields(f.Format) {
		if !formatField.MatchString(part) {
			errs = append(errs, field.Invalid(path.Child("format"), part, "must be a field as AWS names it, such as ${srcaddr}, with one space between two"))
		}
	}
	return errs
}

// region is the region that the zones are in.
func (a *NetworkArgs) region() string { return zoneName.FindStringSubmatch(a.Zones[0])[1] }

// prefix is the VPC's block; the arguments have been validated.
func (a *NetworkArgs) prefix() netip.Prefix { return netip.MustParsePrefix(a.CIDR) }

// natZones are the zones that have a NAT gateway.
func (a *NetworkArgs) natZones() []string {
	switch a.NAT {
	case NATPerZone:
		return a.Zones
	case NATSingle:
		return []string{cmp.Or(a.NATZone, a.Zones[0])}
	}
	return nil
}
