package edge

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudfront"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/route53"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Policies that AWS manages and that are the same in every account (CloudFront
// developer guide, managed cache, origin request and response headers policies).
const (
	cachingDisabled  = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
	cachingOptimized = "658327ea-f89d-4fab-a63d-7e88639e58f6"
	allViewer        = "216adef6-5c7f-47e4-b989-5492eafa07d3"
	securityHeaders  = "67f7725c-6f97-4210-82d7-5512b31e9d03"
)

// The ids by which behaviours name their origins within the distribution.
const (
	dynamicOrigin       = "dynamic"
	staticOrigin        = "static"
	staticPrimaryOrigin = "static-primary"
	staticStandbyOrigin = "static-standby"
)

// global returns the options of resources that have to be in us-east-1.
func (b *builder) global() []pulumi.ResourceOption {
	if b.args.Global.Provider == nil {
		return nil
	}
	return []pulumi.ResourceOption{pulumi.Provider(b.args.Global.Provider)}
}

// staticSource is a bucket as an origin.
type staticSource struct {
	id         string
	domainName pulumi.StringInput
}

// sources are the buckets in the order in which they are asked.
func (s *StaticArgs) sources() []staticSource {
	sources := []staticSource{{staticPrimaryOrigin, s.PrimaryDomainName}}
	if s.StandbyDomainName != nil {
		sources = append(sources, staticSource{staticStandbyOrigin, s.StandbyDomainName})
	}
	return sources
}

func (b *builder) makeDistribution() (err error) {
	name := b.name + "-cdn"
	args := &cloudfront.DistributionArgs{
		Enabled:       pulumi.Bool(true),
		Comment:       pulumi.String(b.args.Domain),
		Aliases:       pulumi.ToStringArray(b.args.Global.PublicNames),
		HttpVersion:   pulumi.String("http2and3"),
		IsIpv6Enabled: pulumi.Bool(true),
		PriceClass:    pulumi.String("PriceClass_All"),
		WebAclId:      b.webACL.Arn,
		ViewerCertificate: &cloudfront.DistributionViewerCertificateArgs{
			AcmCertificateArn:      b.publicCertificate.CertificateArn,
			MinimumProtocolVersion: pulumi.String("TLSv1.2_2021"),
			SslSupportMethod:       pulumi.String("sni-only"),
		},
		Restrictions: &cloudfront.DistributionRestrictionsArgs{GeoRestriction: b.args.Global.countries()},
		// The viewer's Host header goes to the origin, so that services can tell host
		// names apart. CloudFront accepts the origin's certificate for the origin name.
		DefaultCacheBehavior: &cloudfront.DistributionDefaultCacheBehaviorArgs{
			TargetOriginId:          pulumi.String(dynamicOrigin),
			ViewerProtocolPolicy:    pulumi.String("redirect-to-https"),
			AllowedMethods:          pulumi.ToStringArray([]string{"GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"}),
			CachedMethods:           pulumi.ToStringArray([]string{"GET", "HEAD"}),
			CachePolicyId:           pulumi.String(cachingDisabled),
			OriginRequestPolicyId:   pulumi.String(allViewer),
			ResponseHeadersPolicyId: pulumi.String(securityHeaders),
		},
		Tags: tags(name),
	}
	origins := cloudfront.DistributionOriginArray{regionalOrigin(dynamicOrigin, b.args.OriginName)}
	var behaviours cloudfront.DistributionOrderedCacheBehaviorArray
	if static := b.args.Global.Static; static != nil {
		files, err := b.staticOrigins(static)
		if err != nil {
			return err
		}
		origins = append(origins, files...)
		behaviours = staticBehaviours(static)
		args.OriginGroups = staticGroup(static)
	}
	opts := []pulumi.ResourceOption{b.in}
	if reads := b.args.Global.readBehaviours(); len(reads) > 0 {
		origins = append(origins, regionalOrigin(readOrigin, b.args.Reads.Name))
		behaviours = append(behaviours, reads...)
		opts = append(opts, pulumi.DependsOn([]pulumi.Resource{b.readRecord})) // and so on the certificate for the name
	}
	if len(behaviours) > 0 {
		args.OrderedCacheBehaviors = behaviours
	}
	args.Origins = origins
	b.distribution, err = cloudfront.NewDistribution(b.ctx, name, args, opts...)
	return err
}

// regionalOrigin is a name that leads to the load balancer of a region.
func regionalOrigin(id, name string) *cloudfront.DistributionOriginArgs {
	return &cloudfront.DistributionOriginArgs{
		OriginId:   pulumi.String(id),
		DomainName: pulumi.String(name),
		// Two tries of five seconds: a region that is gone does not hold requests for
		// the default of thirty.
		ConnectionAttempts: pulumi.Int(2),
		ConnectionTimeout:  pulumi.Int(5),
		CustomOriginConfig: &cloudfront.DistributionOriginCustomOriginConfigArgs{
			OriginProtocolPolicy:   pulumi.String("https-only"),
			OriginSslProtocols:     pulumi.ToStringArray([]string{"TLSv1.2"}),
			HttpPort:               pulumi.Int(80),
			HttpsPort:              pulumi.Int(443),
			OriginReadTimeout:      pulumi.Int(30),
			OriginKeepaliveTimeout: pulumi.Int(5), // below the load balancer's idle timeout
		},
	}
}

// countries says whom CloudFront answers.
func (g *GlobalArgs) countries() *cloudfront.DistributionRestrictionsGeoRestrictionArgs {
	restriction := func(kind string, countries []string) *cloudfront.DistributionRestrictionsGeoRestrictionArgs {
		args := &cloudfront.DistributionRestrictionsGeoRestrictionArgs{RestrictionType: pulumi.String(kind)}
		if len(countries) > 0 {
			args.Locations = pulumi.ToStringArray(countries)
		}
		return args
	}
	switch {
	case len(g.AllowedCountries) > 0:
		return restriction("whitelist", g.AllowedCountries)
	case len(g.DeniedCountries) > 0:
		return restriction("blacklist", g.DeniedCountries)
	}
	return restriction("none", nil)
}

// staticOrigins makes the buckets' origins and the access control by which
// CloudFront signs its requests to them.
func (b *builder) staticOrigins(static *StaticArgs) (cloudfront.DistributionOriginArray, error) {
	control, err := cloudfront.NewOriginAccessControl(b.ctx, b.name+"-static", &cloudfront.OriginAccessControlArgs{
		Description:                   pulumi.String("Static files of " + b.args.Domain),
		OriginAccessControlOriginType: pulumi.String("s3"),
		SigningBehavior:               pulumi.String("always"),
		SigningProtocol:               pulumi.String("sigv4"),
	}, b.in)
	if err != nil {
		return nil, err
	}
	origins := cloudfront.DistributionOriginArray{}
	for _, source := range static.sources() {
		origins = append(origins, &cloudfront.DistributionOriginArgs{
			OriginId:              pulumi.String(source.id),
			DomainName:            source.domainName,
			OriginAccessControlId: control.ID().ToStringOutput().ToStringPtrOutput(),
			ConnectionAttempts:    pulumi.Int(2),
			ConnectionTimeout:     pulumi.Int(3), // seconds; with two tries six until the standby is asked
		})
	}
	return origins, nil
}

// staticTarget is where static paths go: to the bucket, or to the group of both.
func staticTarget(static *StaticArgs) string {
	if static.StandbyDomainName == nil {
		return staticPrimaryOrigin
	}
	return staticOrigin
}

func staticGroup(static *StaticArgs) cloudfront.DistributionOriginGroupArray {
	if static.StandbyDomainName == nil {
		return nil
	}
	members := cloudfront.DistributionOriginGroupMemberArray{}
	for _, source := range static.sources() {
		members = append(members, &cloudfront.DistributionOriginGroupMemberArgs{OriginId: pulumi.String(source.id)})
	}
	return cloudfront.DistributionOriginGroupArray{&cloudfront.DistributionOriginGroupArgs{
		OriginId: pulumi.String(staticOrigin),
		Members:  members,
		FailoverCriteria: &cloudfront.DistributionOriginGroupFailoverCriteriaArgs{
			// Not 403 and 404: a missing file would be asked for twice.
			StatusCodes: pulumi.ToIntArray([]int{500, 502, 503, 504}),
		},
	}}
}

// staticBehaviours sends the path patterns to the buckets. Only reading is
// allowed, as an origin group demands.
func staticBehaviours(static *StaticArgs) cloudfront.DistributionOrderedCacheBehaviorArray {
	behaviours := cloudfront.DistributionOrderedCacheBehaviorArray{}
	for _, pattern := range static.PathPatterns {
		behaviours = append(behaviours, &cloudfront.DistributionOrderedCacheBehaviorArgs{
			PathPattern:             pulumi.String(pattern),
			TargetOriginId:          pulumi.String(staticTarget(static)),
			ViewerProtocolPolicy:    pulumi.String("redirect-to-https"),
			AllowedMethods:          pulumi.ToStringArray([]string{"GET", "HEAD", "OPTIONS"}),
			CachedMethods:           pulumi.ToStringArray([]string{"GET", "HEAD"}),
			CachePolicyId:           pulumi.String(cachingOptimized),
			ResponseHeadersPolicyId: pulumi.String(securityHeaders),
			Compress:                pulumi.Bool(true),
		})
	}
	return behaviours
}

// makePublicRecords points the public names at the distribution, for IPv4 and
// IPv6.
func (b *builder) makePublicRecords() error {
	for _, public := range b.args.Global.PublicNames {
		for _, kind := range []string{"A", "AAAA"} {
			if _, err := route53.NewRecord(b.ctx, fmt.Sprintf("%s-public-%s-%s", b.name, public, kind), &route53.RecordArgs{
				ZoneId: b.zoneID,
				Name:   pulumi.String(public),
				Type:   pulumi.String(kind),
				Aliases: route53.RecordAliasArray{&route53.RecordAliasArgs{
					Name:                 b.distribution.DomainName,
					ZoneId:               b.distribution.HostedZoneId,
					EvaluateTargetHealth: pulumi.Bool(false), // CloudFront has none to evaluate
				}},
			}, b.in); err != nil {
				return err
			}
		}
	}
	return nil
}
