// Package edge makes the way in: DNS, certificates, load balancer and CDN.
//
// Every region has an [Edge] with an application load balancer, which Pulumi
// alone owns, and a record for the origin name: the primary's answers as long as
// its health check passes, the secondary's otherwise. On request all regions answer
// for a read name too, by latency or weight. The primary's Edge may also
// have the global part: a CloudFront distribution behind a web ACL, which sends
// dynamic paths to the origin name and static ones to buckets.
//
// Target groups and listener rules belong to whoever has a service to offer;
// they are added to [Edge.HTTPSListenerARN].
package edge

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Edge is the way into one region, and in the home region into the platform.
type Edge struct {
	pulumi.ResourceState

	// LoadBalancerARN is the ARN of the load balancer.
	LoadBalancerARN pulumi.StringOutput `pulumi:"loadBalancerArn"`
	// LoadBalancerARNSuffix is the end of that ARN, which CloudWatch knows the load
	// balancer by.
	LoadBalancerARNSuffix pulumi.StringOutput `pulumi:"loadBalancerArnSuffix"`
	// LoadBalancerDNSName is the name that AWS gave the load balancer.
	LoadBalancerDNSName pulumi.StringOutput `pulumi:"loadBalancerDnsName"`
	// LoadBalancerZoneID is the hosted zone of that name, for alias records.
	LoadBalancerZoneID pulumi.StringOutput `pulumi:"loadBalancerZoneId"`
	// SecurityGroupID is the load balancer's security group: targets admit it.
	SecurityGroupID pulumi.StringOutput `pulumi:"securityGroupId"`
	// HTTPSListenerARN is the listener that rules are added to. What no rule takes
	// is answered with 404.
	HTTPSListenerARN pulumi.StringOutput `pulumi:"httpsListenerArn"`
	// CertificateARN is the issued certificate of the listener, good for the
	// regional name, the origin name and the read name.
	CertificateARN pulumi.StringOutput `pulumi:"certificateArn"`
	// ZoneID is the public hosted zone, made or adopted.
	ZoneID pulumi.StringOutput `pulumi:"zoneId"`
	// NameServers are the name servers of a zone that was made here, to be entered
	// at the registrar or in the parent zone; none for an adopted zone.
	NameServers pulumi.StringArrayOutput `pulumi:"nameServers"`
	// OriginName is the failover name.
	OriginName pulumi.StringOutput `pulumi:"originName"`
	// RegionalName is the name of this region's load balancer alone.
	RegionalName pulumi.StringOutput `pulumi:"regionalName"`
	// ReadName is the name that all regions answer for at once; "" without reads.
	ReadName pulumi.StringOutput `pulumi:"readName"`
	// HealthCheckID is the health check of this region's own endpoint.
	HealthCheckID pulumi.StringOutput `pulumi:"healthCheckId"`
	// TakeoverBucketNames are the buckets, by standby region, in which the object
	// [TakeoverKey] takes this region out of the origin name. Empty in a secondary.
	TakeoverBucketNames pulumi.StringMapOutput `pulumi:"takeoverBucketNames"`
	// TakeoverHealthCheckIDs are the health checks, by standby region, that are healthy
	// while that standby has not taken over. Empty in a secondary.
	TakeoverHealthCheckIDs pulumi.StringMapOutput `pulumi:"takeoverHealthCheckIds"`
	// Global is what exists once for all regions, or nil where there were no
	// arguments for it.
	Global *Global
}

// Global is what exists once for all regions.
type Global struct {
	// PublicNames are the names that clients use.
	PublicNames pulumi.StringArrayOutput
	// DistributionID is the id of the CloudFront distribution.
	DistributionID pulumi.StringOutput
	// DistributionARN is the distribution's ARN.
	DistributionARN pulumi.StringOutput
	// DistributionDomainName is the name that CloudFront gave the distribution.
	DistributionDomainName pulumi.StringOutput
	// WebACLARN is the ARN of the distribution's web ACL.
	WebACLARN pulumi.StringOutput
	// WebACLName is the web ACL's name, which its metrics in us-east-1 carry.
	WebACLName pulumi.StringOutput
	// DSRecord is the value of the DS record that the parent zone has to have for
	// DNSSEC; "" without it.
	DSRecord pulumi.StringOutput
}

// outputs are the properties of the global part that the component registers.
func (g *Global) outputs() pulumi.Map {
	return pulumi.Map{
		"publicNames":            g.PublicNames,
		"distributionId":         g.DistributionID,
		"distributionArn":        g.DistributionARN,
		"distributionDomainName": g.DistributionDomainName,
		"webAclArn":              g.WebACLARN,
		"webAclName":             g.WebACLName,
		"dsRecord":               g.DSRecord,
	}
}

// NewEdge makes the way into a region. Bad arguments are reported all at once,
// before anything is registered.
func NewEdge(ctx *pulumi.Context, name string, args *EdgeArgs, opts ...pulumi.ResourceOption) (*Edge, error) {
	if err := args.Validate(name); err != nil {
		return nil, err
	}
	args = args.withDefaults(name)
	e := &Edge{}
	inputs := pulumi.Map{
		"region":          pulumi.String(args.Region),
		"domain":          pulumi.String(args.Domain),
		"failover":        pulumi.String(args.Failover),
		"originName":      pulumi.String(args.OriginName),
		"regionalName":    pulumi.String(args.RegionalName),
		"healthCheckPath": pulumi.String(args.HealthCheckPath),
	}
	if err := ctx.RegisterComponentResourceV2("tandem:index:Edge", name, inputs, e, opts...); err != nil {
		return nil, err
	}
	b := &builder{ctx: ctx, name: name, args: args, in: pulumi.Parent(e), takeover: pulumi.StringMap{}, notTakenOver: pulumi.StringMap{}}
	steps := []func() error{b.makeZone, b.makeSecurityGroup, b.makeLogBucket, b.makeLoadBalancer, b.issueCertificate, b.makeListeners, b.makeHealthChecks, b.makeRecords}
	if args.Reads != nil {
		steps = append(steps, b.makeReadRecord)
	}
	if args.WebACL {
		steps = append(steps, b.makeRegionalWebACL)
	}
	if args.Global != nil {
		steps = append(steps, b.issuePublicCertificate, b.makeWebACL, b.makeDistribution, b.logDistribution, b.makePublicRecords)
		if args.Global.DNSSEC {
			steps = append(steps, b.signZone)
		}
	}
	if args.ShieldAdvanced {
		steps = append(steps, b.protect)
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return nil, err
		}
	}
	e.LoadBalancerARN = b.balancer.Arn
	e.LoadBalancerARNSuffix = b.balancer.ArnSuffix
	e.LoadBalancerDNSName = b.balancer.DnsName
	e.LoadBalancerZoneID = b.balancer.ZoneId
	e.SecurityGroupID = b.securityGroup.ID().ToStringOutput()
	e.HTTPSListenerARN = b.https.Arn
	e.CertificateARN = b.certificate.CertificateArn
	e.ZoneID = b.zoneID
	e.NameServers = b.nameServers
	e.OriginName = pulumi.String(args.OriginName).ToStringOutput()
	e.RegionalName = pulumi.String(args.RegionalName).ToStringOutput()
	e.ReadName = pulumi.String("").ToStringOutput()
	if args.Reads != nil {
		e.ReadName = pulumi.String(args.Reads.Name).ToStringOutput()
	}
	e.HealthCheckID = b.endpoint.ID().ToStringOutput()
	e.TakeoverBucketNames = b.takeover.ToStringMapOutput()
	e.TakeoverHealthCheckIDs = b.notTakenOver.ToStringMapOutput()
	outputs := pulumi.Map{
		"loadBalancerArn":        e.LoadBalancerARN,
		"loadBalancerArnSuffix":  e.LoadBalancerARNSuffix,
		"loadBalancerDnsName":    e.LoadBalancerDNSName,
		"loadBalancerZoneId":     e.LoadBalancerZoneID,
		"securityGroupId":        e.SecurityGroupID,
		"httpsListenerArn":       e.HTTPSListenerARN,
		"certificateArn":         e.CertificateARN,
		"zoneId":                 e.ZoneID,
		"nameServers":            e.NameServers,
		"originName":             e.OriginName,
		"regionalName":           e.RegionalName,
		"readName":               e.ReadName,
		"healthCheckId":          e.HealthCheckID,
		"takeoverBucketNames":    e.TakeoverBucketNames,
		"takeoverHealthCheckIds": e.TakeoverHealthCheckIDs,
	}
	if args.Global != nil {
		e.Global = &Global{
			PublicNames:            pulumi.ToStringArray(args.Global.PublicNames).ToStringArrayOutput(),
			DistributionID:         b.distribution.ID().ToStringOutput(),
			DistributionARN:        b.distribution.Arn,
			DistributionDomainName: b.distribution.DomainName,
			WebACLARN:              b.webACL.Arn,
			WebACLName:             b.webACL.Name,
			DSRecord:               pulumi.String("").ToStringOutput(),
		}
		if b.signingKey != nil {
			e.Global.DSRecord = b.signingKey.DsRecord
		}
		outputs["global"] = e.Global.outputs()
	}
	return e, ctx.RegisterResourceOutputs(e, outputs)
}
