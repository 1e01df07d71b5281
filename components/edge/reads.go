package edge

import (
	"slices"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudfront"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/route53"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// ReadPolicy is how Route 53 shares reads between the regions.
type ReadPolicy string

const (
	// ReadsByLatency answers with the region that AWS measures to be the nearest to
	// the resolver that asks: CloudFront's, where the reads come by it.
	ReadsByLatency ReadPolicy = "latency"
	// ReadsByWeight answers with every region as often as its weight is of the sum of
	// all weights.
	ReadsByWeight ReadPolicy = "weighted"
)

// ReadRouting has all regions at once answer for one name, the read name, for
// requests that do not write. A region answers while its endpoint is healthy, so
// one that is lost leaves the name, and where none is healthy all of them answer
// (Route 53 developer guide, "How Amazon Route 53 chooses records when health
// checking is configured").
//
// Taking over does not change who reads: unlike that of the origin name, the record's
// health has nothing to do with takeover objects. Such an object stays as long
// as another region takes the writes, which after a switchover may be for months, and
// all that time the region has a copy of the data that is as good as any
// standby's.
//
// So what asks by this name gets what its region has. It may be older than the last
// write by the lag of the replication: typically less than a second (Aurora user
// guide, "Using Amazon Aurora Global Database"), unbounded in a region that is cut off
// from the writer and still reached by clients. The application asks the reader
// endpoint of its own region and writes nothing. Who has to read their own writes
// asks by the origin name.
//
// Bring the region with [RolePrimary] up first, which has the validation record of the
// read name, and only then the others. Route 53 refuses a name with two policies: to
// change the policy, take reads out of every region, then put them in again.
type ReadRouting struct {
	// Policy is how reads are shared. The same in all regions. Required.
	Policy ReadPolicy
	// Weight is this region's share in relation to those of the others, 0 to 255; only
	// with [ReadsByWeight]. A region of weight zero, the default, gets reads only while
	// no region that has a weight is healthy. Where all have zero, all get the same
	// (Route 53 developer guide, "Weighted routing"); that cannot be seen in one region,
	// so it is never refused.
	Weight int
	// Name is the read name. The same in all regions. Default "read." + Domain.
	Name string
}

// maxPatterns is how many path patterns a distribution has room for: 75 cache
// behaviours, one of them the default (CloudFront developer guide, "Quotas").
const maxPatterns = 74

// DefaultReadName is the read name of a domain where [ReadRouting] gives none.
func DefaultReadName(domain string) string { return "read." + domain }

// readOrigin is the id of the read name as an origin of the distribution.
const readOrigin = "read"

func (a *EdgeArgs) validateReads(root *field.Path) field.ErrorList {
	var errs field.ErrorList
	if g := a.Global; g != nil && len(g.ReadPathPatterns) > 0 {
		errs = append(errs, a.validateReadPaths(root.Child("global", "readPathPatterns"))...)
	}
	r, at := a.Reads, root.Child("reads")
	if r == nil {
		return errs
	}
	switch policies := []ReadPolicy{ReadsByLatency, ReadsByWeight}; {
	case r.Policy == "":
		errs = append(errs, field.Required(at.Child("policy"), "say latency, or weighted; the same in all regions"))
	case !slices.Contains(policies, r.Policy):
		errs = append(errs, field.NotSupported(at.Child("policy"), r.Policy, policies))
	case r.Policy != ReadsByWeight && r.Weight != 0:
		errs = append(errs, field.Forbidden(at.Child("weight"), "latency alone decides; leave it out, or set policy to weighted"))
	default:
		errs = append(errs, ValidateReadWeight(at.Child("weight"), r.Weight)...)
	}
	name := at.Child("name")
	errs = append(errs, validateNameBelow(name, r.Name, a.Domain)...)
	switch {
	case r.Name == a.OriginName:
		errs = append(errs, field.Invalid(name, r.Name, "must differ from originName, which leads to the region that takes the writes; choose another name"))
	case r.Name == a.RegionalName:
		errs = append(errs, field.Invalid(name, r.Name, "must differ from regionalName, which leads to this region alone; choose another name"))
	case a.Global != nil && slices.Contains(a.Global.PublicNames, r.Name):
		errs = append(errs, field.Invalid(name, r.Name, "must not be a public name, which leads to CloudFront; choose another name"))
	}
	return errs
}

// ValidateReadWeight returns what is wrong with the weight of a region's reads.
func ValidateReadWeight(at *field.Path, weight int) field.ErrorList {
	return validateRange(at, weight, 0, 255) // Route 53 API reference, ResourceRecordSet, Weight
}

func (a *EdgeArgs) validateReadPaths(at *field.Path) field.ErrorList {
	var errs field.ErrorList
	patterns := a.Global.ReadPathPatterns
	if a.Reads == nil {
		errs = append(errs, field.Forbidden(at, "needs reads, which make the name that these paths are sent to; set it or leave this out"))
	}
	var static []string
	if a.Global.Static != nil {
		static = a.Global.Static.PathPatterns
	}
	if most := max(maxPatterns-len(static), 0); len(patterns) > most {
		errs = append(errs, field.TooMany(at, len(patterns), most))
	}
	for i, pattern := range patterns {
		errs = append(errs, validatePathPattern(at.Index(i), pattern)...)
		if slices.Contains(static, pattern) {
			errs = append(errs, field.Invalid(at.Index(i), pattern, "is served from buckets (static.pathPatterns); name it in one of the two"))
		}
	}
	return append(errs, duplicates(at, patterns)...)
}

// names are those of the listener's certificate, the region's own first.
func (a *EdgeArgs) names() []string {
	names := []string{a.RegionalName, a.OriginName}
	if a.Reads != nil {
		names = append(names, a.Reads.Name)
	}
	return names
}

// makeReadRecord makes this region's answer for the read name.
func (b *builder) makeReadRecord() (err error) {
	reads := b.args.Reads
	health, err := b.readHealth()
	if err != nil {
		return err
	}
	args := &route53.RecordArgs{
		ZoneId:        b.zoneID,
		Name:          pulumi.String(reads.Name),
		Type:          pulumi.String("A"),
		Aliases:       b.balancerAlias(),
		SetIdentifier: pulumi.String(b.args.Region),
		HealthCheckId: health.ToStringOutput().ToStringPtrOutput(),
	}
	if reads.Policy == ReadsByWeight {
		args.WeightedRoutingPolicies = route53.RecordWeightedRoutingPolicyArray{
			&route53.RecordWeightedRoutingPolicyArgs{Weight: pulumi.Int(reads.Weight)},
		}
	} else {
		args.LatencyRoutingPolicies = route53.RecordLatencyRoutingPolicyArray{
			&route53.RecordLatencyRoutingPolicyArgs{Region: pulumi.String(b.args.Region)},
		}
	}
	// Nobody is led here before the listener has the certificate for the name.
	b.readRecord, err = route53.NewRecord(b.ctx, b.name+"-read", args, b.in, pulumi.DependsOn([]pulumi.Resource{b.https}))
	return err
}

// readHealth is the health of this region as one that reads: the endpoint's, and of
// what it requires besides, without the takeover objects.
func (b *builder) readHealth() (pulumi.StringInput, error) {
	required := append(append(pulumi.StringArray{b.endpoint.ID()}, b.args.AlsoRequire...), b.alarmChecks...)
	if len(required) == 1 {
		return b.endpoint.ID(), nil
	}
	name := b.name + "-read"
	check, err := route53.NewHealthCheck(b.ctx, name, &route53.HealthCheckArgs{
		Type:                 pulumi.String("CALCULATED"),
		ChildHealthchecks:    required,
		ChildHealthThreshold: pulumi.Int(len(required)),
		Tags:                 tags(name),
	}, b.in)
	if err != nil {
		return nil, err
	}
	return check.ID(), nil
}

// readBehaviours send the path patterns to the read name. Nothing is cached there
// that is not cached elsewhere; only reading is allowed.
func (g *GlobalArgs) readBehaviours() cloudfront.DistributionOrderedCacheBehaviorArray {
	behaviours := cloudfront.DistributionOrderedCacheBehaviorArray{}
	for _, pattern := range g.ReadPathPatterns {
		behaviours = append(behaviours, &cloudfront.DistributionOrderedCacheBehaviorArgs{
			PathPattern:             pulumi.String(pattern),
			TargetOriginId:          pulumi.String(readOrigin),
			ViewerProtocolPolicy:    pulumi.String("redirect-to-https"),
			AllowedMethods:          pulumi.ToStringArray([]string{"GET", "HEAD", "OPTIONS"}),
			CachedMethods:           pulumi.ToStringArray([]string{"GET", "HEAD"}),
			CachePolicyId:           pulumi.String(cachingDisabled),
			OriginRequestPolicyId:   pulumi.String(allViewer),
			ResponseHeadersPolicyId: pulumi.String(securityHeaders),
		})
	}
	return behaviours
}
