package edge

import (
	"cmp"
	"fmt"
	"maps"
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/tandem-platform/tandem/internal/check"
)

// globalRegion is where CloudFront takes its certificates and web ACLs from.
const globalRegion = "us-east-1"

// Role is the part that a region plays in DNS failover. It is fixed for life:
// Route 53 refuses two primaries, and swapping the two records is not atomic.
type Role string

const (
	// RolePrimary answers for the origin name as long as it is healthy. It is the
	// role of the home region, which also owns the hosted zone.
	RolePrimary Role = "primary"
	// RoleSecondary answers for the origin name when the primary is not healthy.
	RoleSecondary Role = "secondary"
	// RoleReserve answers for it when neither the primary nor the secondary is healthy.
	RoleReserve Role = "reserve"
)

// TLSPolicy is the name of a predefined security policy of Elastic Load
// Balancing. All of them speak TLS 1.3.
type TLSPolicy string

const (
	// TLS12Restricted speaks TLS 1.3, and TLS 1.2 with forward secrecy and AEAD
	// ciphers only. The default: CloudFront and the health checkers of Route 53,
	// which are the usual clients, reach it with TLS 1.2.
	TLS12Restricted TLSPolicy = "ELBSecurityPolicy-TLS13-1-2-Res-2021-06"
	// TLS12 speaks TLS 1.3, and TLS 1.2 with CBC ciphers too, for old clients that
	// reach the load balancer themselves.
	TLS12 TLSPolicy = "ELBSecurityPolicy-TLS13-1-2-2021-06"
)

// EdgeArgs are the arguments of an [Edge].
type EdgeArgs struct {
	// Region is the region of the load balancer, such as "us-east-1". It tells the
	// failover records apart. Required; a change replaces the record of the origin
	// name.
	Region string
	// VPCID is the VPC of the load balancer. Required.
	VPCID pulumi.StringInput
	// VPCCIDRBlock is the IPv4 block of that VPC: the load balancer's only way out
	// leads there. Required.
	VPCCIDRBlock pulumi.StringInput
	// PublicSubnetIDs are the load balancer's subnets, of two zones at least and
	// routed to an internet gateway. Required.
	PublicSubnetIDs pulumi.StringArrayInput
	// Domain is the DNS domain of the platform, such as "tandem.example": the name
	// of its hosted zone. Required.
	Domain string
	// Failover is the region's part in DNS failover. Required.
	Failover Role
	// ZoneID is the public hosted zone of Domain. Nil makes one, where Failover is
	// [RolePrimary]; a secondary has to be given the one of its primary.
	ZoneID pulumi.StringInput
	// OriginName is the failover name, which both regions answer for and which
	// CloudFront takes as its origin. It has to be the same in both. Default
	// "origin." + Domain.
	OriginName string
	// StandbyName is the failover name of the standbys, where there are two. The
	// secondary's answer for the origin name leads to it, and it leads to the secondary,
	// or where that is not healthy to the reserve. It has to be the same in both. Required
	// with [RoleReserve]; default none: the secondary answers by itself.
	StandbyName string
	// Reads has this region answer for the read name too, together with all others.
	// Nil leaves it out: every request goes to the region that takes the writes.
	Reads *ReadRouting
	// RegionalName is the name of this region's load balancer alone, which the
	// health check asks for. Default the component's name + "." + Domain.
	RegionalName string
	// HealthCheckPath is what Route 53 asks every region's load balancer for; it
	// needs an answer of 2xx or 3xx within two seconds. Default "/healthz".
	HealthCheckPath string
	// HealthCheckRegions are the regions that Route 53 checks from, three at least
	// of those that it offers. Default us-east-1, us-west-2, eu-west-1 and
	// sa-east-1, which leaves a majority where one of them is lost.
	HealthCheckRegions []string
	// Standbys are the regions that may take over from this one, which is their
	// primary: each gets a bucket, and this region stops counting as healthy once
	// the takeover object is in one of them. Only with [RolePrimary]; none means that
	// no other region can take over while this one answers.
	Standbys []Standby
	// AlsoRequire are ids of further health checks that have to be healthy for this
	// region to count as healthy, at most 254 together with takeover objects and alarms
	// (Route 53 API reference, HealthCheckConfig: 255 children, of which one is the
	// endpoint's). None means that the endpoint and the takeover objects decide.
	AlsoRequire []pulumi.StringInput
	// RequireAlarms are names of CloudWatch alarms in the region that must not be in
	// alarm for it to count as healthy, by a name for each, which becomes part of
	// resource names. An alarm without data leaves things as they were. Default none.
	RequireAlarms map[string]pulumi.StringInput
	// ReserveHealthCheckID is the health check of the reserve's takeover object, which
	// the primary gives out: while the reserve has taken over, the secondary does not
	// answer for the standbys. Only in a secondary with a StandbyName; default none.
	ReserveHealthCheckID pulumi.StringInput
	// TLSPolicy is the security policy of the HTTPS listener. Default
	// [TLS12Restricted].
	TLSPolicy TLSPolicy
	// AllowedCIDRs are the IPv4 blocks that may reach the load balancer. Default,
	// where AllowedPrefixListIDs is empty too, is everybody.
	AllowedCIDRs []string
	// AllowedPrefixListIDs are managed prefix lists that may reach the HTTPS
	// listener, such as the one of CloudFront's origin-facing servers. Give the one
	// of the Route 53 health checkers as well, or the region counts as unhealthy.
	// Default none.
	AllowedPrefixListIDs []string
	// IdleTimeoutSeconds is how long the load balancer keeps a silent connection
	// open, in seconds, 1 to 4000. Default (zero) 60. CloudFront closes its idle
	// connections after 5.
	IdleTimeoutSeconds int
	// ClientKeepAliveSeconds is how long a client may go on using one connection,
	// in seconds, 60 to 604800. Default (zero) 60, the least that AWS allows, where
	// its own default is an hour: clients that hold a connection do not look the name
	// up again and so miss a failover, and a takeover from a region that is alive has
	// to wait for them. Resolvers keep the name for as long, so a longer one would be
	// what clients take to follow.
	ClientKeepAliveSeconds int
	// LogBucket is a bucket for access and connection logs, in the same region,
	// with a policy that lets the load balancers of the region write below the
	// component's name. Default: the edge makes one.
	LogBucket pulumi.StringInput
	// LogRetentionDays is how long the logs of web ACLs and those in a bucket that is
	// made here are kept: one of the periods that CloudWatch Logs knows. Default
	// (zero) 90.
	LogRetentionDays int
	// WebACL guards the load balancer with a web ACL of its own, for requests that
	// come past CloudFront: AWS's managed rules, without rate limits. Default false.
	WebACL bool
	// ShieldAdvanced protects the load balancer and, with a primary, the hosted zone
	// and CloudFront by Shield Advanced. The account has to be subscribed to it.
	// Default false.
	ShieldAdvanced bool
	// AllowDestroy lets a destroy take the load balancer and the hosted zone, the
	// latter with every record in it. Default false: the load balancer is
	// protected from deletion, and the zone is protected and retained.
	AllowDestroy bool
	// Global is what exists once for all regions: CloudFront and its web ACL. Only
	// with [RolePrimary]; nil makes none of it.
	Global *GlobalArgs
}

// Standby is a region that may take over.
type Standby struct {
	// Region is the standby's AWS region. Required.
	Region string
	// Provider is an AWS provider for that region. Required.
	Provider pulumi.ProviderResource
}

// GlobalArgs are the arguments of what exists once for all regions.
type GlobalArgs struct {
	// Provider is an AWS provider for us-east-1, where CloudFront's certificate and
	// web ACL have to be. Nil means the component's own provider and is allowed
	// only where Region is us-east-1.
	Provider pulumi.ProviderResource
	// PublicNames are the names that clients use, at most 10 (the certificate's
	// default quota): Domain itself or names below it, with "*" for the first label
	// of a wildcard. Default the Domain.
	PublicNames []string
	// RateLimitPer5Minutes is how many requests one IP address may send in any five
	// minutes before the web ACL blocks it, 10 to 2000000000. Default (zero) 2000.
	RateLimitPer5Minutes int
	// PathRateLimits are lower limits for paths that cost more, such as logging in, at
	// most 10. Default none.
	PathRateLimits []PathRateLimit
	// AllowedIPs are blocks of addresses that the web ACL lets in whatever they send,
	// IPv4 or IPv6. Default none.
	AllowedIPs []string
	// DeniedIPs are blocks of addresses that the web ACL turns away. Default none.
	DeniedIPs []string
	// BotControl adds AWS's bot control to the web ACL, which is paid for by the
	// request. Crawlers that prove who they are pass. Default false.
	BotControl bool
	// AllowedCountries are the only countries that CloudFront answers, by their two
	// letters in ISO 3166-1. Default all. It excludes DeniedCountries.
	AllowedCountries []string
	// DeniedCountries are countries that CloudFront does not answer. Default none.
	DeniedCountries []string
	// DNSSEC has Route 53 sign the hosted zone. Enter [Global.DSRecord] in the parent
	// zone afterwards, and take it out of there a day before DNSSEC is switched off.
	// Default false.
	DNSSEC bool
	// Static is where files are served from. Nil sends every path to the origin
	// name, or the read name.
	Static *StaticArgs
	// ReadPathPatterns are paths that CloudFront sends to the read name, in the form of
	// [StaticArgs.PathPatterns], which are looked at first; together with these at
	// most 74. They need Reads. Only GET, HEAD and OPTIONS get through: to anything
	// that may write CloudFront answers 403 (CloudFront developer guide, "HTTP 403
	// status code (Invalid method)"). Default none.
	ReadPathPatterns []string
}

// PathRateLimit bounds how often one address may ask for some paths.
type PathRateLimit struct {
	// Name tells limits apart, in the web ACL and its metrics: lower-case letters,
	// digits and hyphens. Required.
	Name string
	// PathPrefix is what the paths begin with, such as "/login". Required.
	PathPrefix string
	// Per5Minutes is how many requests one address may send in any five minutes, 10 to
	// 2000000000. Required.
	Per5Minutes int
}

// StaticArgs say which paths CloudFront serves from buckets, and which buckets.
// An object's key is the whole path without its leading slash: /static/app.js
// is the object static/app.js.
//
// CloudFront signs its requests (origin access control). A bucket's policy has to
// let the service cloudfront.amazonaws.com read its objects for a distribution of
// the account (aws:SourceArn), and so has the policy of its KMS key. Both belong
// to whoever owns the bucket, because a bucket has only one policy.
type StaticArgs struct {
	// PathPatterns are the paths, at most 74, each beginning with a slash, with "*"
	// for any characters and "?" for one. Default "/static/*".
	PathPatterns []string
	// PrimaryDomainName is the bucket that is asked first, by its name in DNS with
	// its region, such as "files.s3.us-east-1.amazonaws.com". Required.
	PrimaryDomainName pulumi.StringInput
	// StandbyDomainName is the bucket that is asked where the first answers with
	// 500, 502, 503 or 504 or cannot be reached. Nil serves from the first alone.
	StandbyDomainName pulumi.StringInput
}

// checkerRegions are the regions that Route 53 has health checkers in (Route 53
// API reference, HealthCheckConfig, Regions).
var checkerRegions = []string{
	"ap-northeast-1", "ap-southeast-1", "ap-southeast-2", "eu-west-1", "sa-east-1", "us-east-1", "us-west-1", "us-west-2",
}

func (a *EdgeArgs) withDefaults(name string) *EdgeArgs {
	d := EdgeArgs{}
	if a != nil {
		d = *a
	}
	d.OriginName = cmp.Or(d.OriginName, "origin."+d.Domain)
	d.RegionalName = cmp.Or(d.RegionalName, name+"."+d.Domain)
	d.HealthCheckPath = cmp.Or(d.HealthCheckPath, "/healthz")
	d.TLSPolicy = cmp.Or(d.TLSPolicy, TLS12Restricted)
	d.IdleTimeoutSeconds = cmp.Or(d.IdleTimeoutSeconds, 60)
	d.ClientKeepAliveSeconds = cmp.Or(d.ClientKeepAliveSeconds, 60)
	d.LogRetentionDays = cmp.Or(d.LogRetentionDays, 90)
	if a != nil && a.Reads != nil {
		r := *a.Reads
		d.Reads = &r
		r.Name = cmp.Or(r.Name, DefaultReadName(d.Domain))
	}
	if len(d.HealthCheckRegions) == 0 {
		d.HealthCheckRegions = []string{"us-east-1", "us-west-2", "eu-west-1", "sa-east-1"}
	}
	if len(d.AllowedCIDRs) == 0 && len(d.AllowedPrefixListIDs) == 0 {
		d.AllowedCIDRs = []string{"0.0.0.0/0"}
	}
	if a == nil || a.Global == nil {
		return &d
	}
	g := *a.Global
	d.Global = &g
	g.RateLimitPer5Minutes = cmp.Or(g.RateLimitPer5Minutes, 2000)
	if len(g.PublicNames) == 0 {
		g.PublicNames = []string{d.Domain}
	}
	if g.Static != nil {
		s := *g.Static
		g.Static = &s
		if len(s.PathPatterns) == 0 {
			s.PathPatterns = []string{"/static/*"}
		}
	}
	return &d
}

// Validate returns every problem of the arguments in one error, or nil. It fills
// in defaults first, so it can be asked before a component is made.
func (a *EdgeArgs) Validate(name string) error {
	a = a.withDefaults(name)
	root := (*field.Path)(nil)
	errs := validateRegion(root.Child("region"), a.Region)
	errs = append(errs, a.validateNames(root)...)
	errs = append(errs, a.validateTraffic(root)...)
	errs = append(errs, a.validateRole(root)...)
	errs = append(errs, a.validateReads(root)...)
	if a.Global != nil {
		errs = append(errs, a.validateGlobal(root.Child("global"))...)
	}
	return check.Error("edge \""+name+"\"", errs)
}

func (a *EdgeArgs) validateNames(root *field.Path) field.ErrorList {
	errs := validateDomain(root.Child("domain"), a.Domain)
	if len(errs) > 0 {
		return errs // the other names hang on it
	}
	errs = append(errs, validateNameBelow(root.Child("originName"), a.OriginName, a.Domain)...)
	errs = append(errs, validateNameBelow(root.Child("regionalName"), a.RegionalName, a.Domain)...)
	if a.StandbyName != "" {
		at := root.Child("standbyName")
		errs = append(errs, validateNameBelow(at, a.StandbyName, a.Domain)...)
		if a.Failover == RolePrimary {
			errs = append(errs, field.Forbidden(at, "is the standbys' own; leave it out of the primary"))
		}
		if a.ReserveHealthCheckID != nil && a.Failover == RoleReserve {
			errs = append(errs, field.Forbidden(root.Child("reserveHealthCheckId"), "is for the secondary, which steps aside; leave it out of the reserve"))
		}
		if a.StandbyName == a.OriginName || a.StandbyName == a.RegionalName {
			errs = append(errs, field.Invalid(at, a.StandbyName, "must differ from originName and regionalName; try standby-"+a.OriginName))
		}
	} else if a.Failover == RoleReserve {
		errs = append(errs, field.Required(root.Child("standbyName"), "a reserve answers for the standbys' name when the secondary cannot; give both the same, such as standby-"+a.OriginName))
	}
	if a.ReserveHealthCheckID != nil && a.StandbyName == "" {
		errs = append(errs, field.Forbidden(root.Child("reserveHealthCheckId"), "needs standbyName, by which a reserve answers; set it or leave this out"))
	}
	if a.RegionalName == a.OriginName {
		errs = append(errs, field.Invalid(root.Child("regionalName"), a.RegionalName,
			"must differ from originName, which both regions answer for; name the region, such as prod-east."+a.Domain))
	}
	return errs
}

func (a *EdgeArgs) validateTraffic(root *field.Path) field.ErrorList {
	var errs field.ErrorList
	for path, missing := range map[string]bool{
		"vpcId":           a.VPCID == nil,
		"vpcCidrBlock":    a.VPCCIDRBlock == nil,
		"publicSubnetIds": a.PublicSubnetIDs == nil,
	} {
		if missing {
			errs = append(errs, field.Required(root.Child(path), "the load balancer needs it; pass the network's output of that name"))
		}
	}
	slices.SortFunc(errs, func(x, y *field.Error) int { return strings.Compare(x.Field, y.Field) })
	errs = append(errs, validatePath(root.Child("healthCheckPath"), a.HealthCheckPath)...)
	errs = append(errs, validateCheckerRegions(root.Child("healthCheckRegions"), a.HealthCheckRegions)...)
	most := 254 - len(a.Standbys) - len(a.RequireAlarms)
	if a.ReserveHealthCheckID != nil {
		most--
	}
	if len(a.AlsoRequire) > most {
		errs = append(errs, field.TooMany(root.Child("alsoRequire"), len(a.AlsoRequire), most))
	}
	for i, id := range a.AlsoRequire {
		if id == nil {
			errs = append(errs, field.Required(root.Child("alsoRequire").Index(i), "give the id of a health check or leave the entry out"))
		}
	}
	errs = append(errs, a.validateAlarms(root.Child("requireAlarms"))...)
	if policies := []TLSPolicy{TLS12Restricted, TLS12}; !slices.Contains(policies, a.TLSPolicy) {
		errs = append(errs, field.NotSupported(root.Child("tlsPolicy"), a.TLSPolicy, policies))
	}
	for i, block := range a.AllowedCIDRs {
		if p, err := netip.ParsePrefix(block); err != nil || !p.Addr().Is4() || p.Masked() != p {
			errs = append(errs, field.Invalid(root.Child("allowedCidrs").Index(i), block,
				"must be an IPv4 network in CIDR notation, such as 203.0.113.0/24"))
		}
	}
	errs = append(errs, duplicates(root.Child("allowedCidrs"), a.AllowedCIDRs)...)
	for i, id := range a.AllowedPrefixListIDs {
		if !strings.HasPrefix(id, "pl-") {
			errs = append(errs, field.Invalid(root.Child("allowedPrefixListIds").Index(i), id,
				"must be the id of a managed prefix list, such as pl-0123456789abcdef0"))
		}
	}
	errs = append(errs, duplicates(root.Child("allowedPrefixListIds"), a.AllowedPrefixListIDs)...)
	errs = append(errs, check.LogRetention(root.Child("logRetentionDays"), a.LogRetentionDays)...)
	errs = append(errs, validateRange(root.Child("idleTimeoutSeconds"), a.IdleTimeoutSeconds, 1, 4000)...)
	return append(errs, validateRange(root.Child("clientKeepAliveSeconds"), a.ClientKeepAliveSeconds, 60, 604800)...)
}

var alarmKey = regexp.MustCompile(`^[a-z][a-z0-9-]*$`)

func (a *EdgeArgs) validateAlarms(at *field.Path) field.ErrorList {
	var errs field.ErrorList
	for _, key := range slices.Sorted(maps.Keys(a.RequireAlarms)) {
		if !alarmKey.MatchString(key) {
			errs = append(errs, field.Invalid(at.Key(key), key, "must be a lower-case word that names the alarm, such as errors"))
		}
		if a.RequireAlarms[key] == nil {
			errs = append(errs, field.Required(at.Key(key), "give the name of an alarm of the region"))
		}
	}
	return errs
}

func (a *EdgeArgs) validateRole(root *field.Path) field.ErrorList {
	var errs field.ErrorList
	standbys := root.Child("standbys")
	seen := map[string]bool{a.Region: true}
	for i, s := range a.Standbys {
		at := standbys.Index(i)
		errs = append(errs, validateRegion(at.Child("region"), s.Region)...)
		if seen[s.Region] {
			errs = append(errs, field.Invalid(at.Child("region"), s.Region, "must be a region of its own, neither the primary's nor another standby's"))
		}
		seen[s.Region] = true
		if s.Provider == nil {
			errs = append(errs, field.Required(at.Child("provider"), "give an AWS provider for that region"))
		}
	}
	switch a.Failover {
	case RolePrimary:
	case RoleSecondary, RoleReserve:
		if len(a.Standbys) > 0 {
			errs = append(errs, field.Forbidden(standbys, "belongs to the primary, which the takeover objects speak to; remove it here"))
		}
		if a.ZoneID == nil {
			errs = append(errs, field.Required(root.Child("zoneId"), "a secondary joins its primary's hosted zone; pass the zone id that the primary gives out"))
		}
		if a.Global != nil {
			errs = append(errs, field.Forbidden(root.Child("global"), "exists once, with the primary; remove it here or set failover to primary"))
		}
	case "":
		errs = append(errs, field.Required(root.Child("failover"), "say primary in the home region, secondary in its standby, and reserve in a further one"))
	default:
		errs = append(errs, field.NotSupported(root.Child("failover"), a.Failover, []Role{RolePrimary, RoleSecondary, RoleReserve}))
	}
	return errs
}

func (a *EdgeArgs) validateGlobal(at *field.Path) field.ErrorList {
	var errs field.ErrorList
	g := a.Global
	if g.Provider == nil && a.Region != globalRegion {
		errs = append(errs, field.Required(at.Child("provider"), "CloudFront takes certificate and web ACL from us-east-1 only; pass an AWS provider for that region"))
	}
	names := at.Child("publicNames")
	if len(g.PublicNames) > 10 {
		errs = append(errs, field.TooMany(names, len(g.PublicNames), 10))
	}
	for i, public := range g.PublicNames {
		if bare := strings.TrimPrefix(public, "*."); bare != a.Domain {
			errs = append(errs, validateNameBelow(names.Index(i), bare, a.Domain)...)
		}
		if public == a.OriginName || public == a.RegionalName {
			errs = append(errs, field.Invalid(names.Index(i), public,
				"must not be the origin name or the regional name, which lead past CloudFront; choose another name"))
		}
	}
	errs = append(errs, duplicates(names, g.PublicNames)...)
	errs = append(errs, validateRange(at.Child("rateLimitPer5Minutes"), g.RateLimitPer5Minutes, 10, 2_000_000_000)...)
	errs = append(errs, g.validateFirewall(at)...)
	if g.Static != nil {
		errs = append(errs, g.Static.validate(at.Child("static"))...)
	}
	return errs
}

func (s *StaticArgs) validate(at *field.Path) field.ErrorList {
	var errs field.ErrorList
	patterns := at.Child("pathPatterns")
	if len(s.PathPatterns) > maxPatterns {
		errs = append(errs, field.TooMany(patterns, len(s.PathPatterns), maxPatterns))
	}
	for i, pattern := range s.PathPatterns {
		errs = append(errs, validatePathPattern(patterns.Index(i), pattern)...)
	}
	errs = append(errs, duplicates(patterns, s.PathPatterns)...)
	if s.PrimaryDomainName == nil {
		errs = append(errs, field.Required(at.Child("primaryDomainName"), "static paths need a bucket; give its regional domain name or leave static out"))
	}
	return errs
}

func validateRange(at *field.Path, value, least, most int) field.ErrorList {
	if value < least || value > most {
		return field.ErrorList{field.Invalid(at, value, fmt.Sprintf("must be %d to %d", least, most))}
	}
	return nil
}

func duplicates(at *field.Path, values []string) field.ErrorList {
	var errs field.ErrorList
	for i, v := range values {
		if slices.Index(values, v) < i {
			errs = append(errs, field.Duplicate(at.Index(i), v))
		}
	}
	return errs
}
