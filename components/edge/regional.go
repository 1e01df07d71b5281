package edge

import (
	"maps"
	"slices"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/acm"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudfront"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/lb"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/route53"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/vpc"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/wafv2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// builder makes the children of one edge, step by step.
type builder struct {
	ctx  *pulumi.Context
	name string
	args *EdgeArgs
	in   pulumi.ResourceOption // the parent of every child

	zoneID        pulumi.StringOutput
	nameServers   pulumi.StringArrayOutput
	securityGroup *ec2.SecurityGroup
	logBucket     pulumi.StringOutput
	balancer      *lb.LoadBalancer
	certificate   *acm.CertificateValidation // of the regional names
	https         *lb.Listener
	endpoint      *route53.HealthCheck // asks this region's load balancer
	health        pulumi.StringInput   // decides over this region's failover record
	alarmChecks   pulumi.StringArray   // of RequireAlarms
	takeover      pulumi.StringMap     // names of the takeover buckets by region
	notTakenOver  pulumi.StringMap     // ids of the checks of the takeover objects by region
	readRecord    *route53.Record      // nil without reads

	publicCertificate *acm.CertificateValidation
	webACL            *wafv2.WebAcl
	distribution      *cloudfront.Distribution
	signingKey        *route53.KeySigningKey
}

// tags names what has no name of its own, for the console's lists.
func tags(name string) pulumi.StringMap { return pulumi.StringMap{"Name": pulumi.String(name)} }

func (b *builder) makeZone() error {
	if b.args.ZoneID != nil {
		b.zoneID = b.args.ZoneID.ToStringOutput()
		b.nameServers = pulumi.StringArray{}.ToStringArrayOutput()
		return nil
	}
	opts := []pulumi.ResourceOption{b.in}
	if !b.args.AllowDestroy {
		// A zone made anew has other name servers, which the registrar does not know.
		opts = append(opts, pulumi.Protect(true), pulumi.RetainOnDelete(true))
	}
	zone, err := route53.NewZone(b.ctx, b.name+"-zone", &route53.ZoneArgs{
		Name:         pulumi.String(b.args.Domain),
		Comment:      pulumi.String("Public names of the platform"),
		ForceDestroy: pulumi.Bool(b.args.AllowDestroy),
	}, opts...)
	if err != nil {
		return err
	}
	b.zoneID = zone.ID().ToStringOutput()
	b.nameServers = zone.NameServers
	return nil
}

func (b *builder) makeSecurityGroup() (err error) {
	name := b.name + "-alb"
	if b.securityGroup, err = ec2.NewSecurityGroup(b.ctx, name, &ec2.SecurityGroupArgs{
		Description: pulumi.String("The load balancer: the web in, the VPC out"),
		VpcId:       b.args.VPCID,
		Tags:        tags(name),
	}, b.in); err != nil {
		return err
	}
	admit := func(name string, port int, rule vpc.SecurityGroupIngressRuleArgs) error {
		rule.SecurityGroupId = b.securityGroup.ID()
		rule.IpProtocol = pulumi.String("tcp")
		rule.FromPort = pulumi.Int(port)
		rule.ToPort = pulumi.Int(port)
		_, err := vpc.NewSecurityGroupIngressRule(b.ctx, b.name+"-"+name, &rule, b.in)
		return err
	}
	for _, block := range b.args.AllowedCIDRs {
		if err := admit("https-from-"+block, 443, vpc.SecurityGroupIngressRuleArgs{
			Description: pulumi.String("HTTPS"), CidrIpv4: pulumi.String(block),
		}); err != nil {
			return err
		}
		if err := admit("http-from-"+block, 80, vpc.SecurityGroupIngressRuleArgs{
			Description: pulumi.String("HTTP, to be redirected"), CidrIpv4: pulumi.String(block),
		}); err != nil {
			return err
		}
	}
	// CloudFront and the health checkers use HTTPS alone, and a prefix list counts
	// with all its entries against the group's quota of rules: one port each.
	for _, list := range b.args.AllowedPrefixListIDs {
		if err := admit("https-from-"+list, 443, vpc.SecurityGroupIngressRuleArgs{
			Description: pulumi.String("HTTPS"), PrefixListId: pulumi.String(list),
		}); err != nil {
			return err
		}
	}
	_, err = vpc.NewSecurityGroupEgressRule(b.ctx, b.name+"-alb-to-vpc", &vpc.SecurityGroupEgressRuleArgs{
		SecurityGroupId: b.securityGroup.ID(),
		Description:     pulumi.String("Targets in the VPC"),
		CidrIpv4:        b.args.VPCCIDRBlock,
		IpProtocol:      pulumi.String("tcp"),
		FromPort:        pulumi.Int(0),
		ToPort:          pulumi.Int(65535),
	}, b.in)
	return err
}

func (b *builder) makeLoadBalancer() (err error) {
	name := b.name + "-alb"
	args := &lb.LoadBalancerArgs{
		LoadBalancerType:         pulumi.String("application"),
		IpAddressType:            pulumi.String("ipv4"),
		Subnets:                  b.args.PublicSubnetIDs,
		SecurityGroups:           pulumi.StringArray{b.securityGroup.ID()},
		DropInvalidHeaderFields:  pulumi.Bool(true),
		DesyncMitigationMode:     pulumi.String("defensive"),
		EnableDeletionProtection: pulumi.Bool(!b.args.AllowDestroy),
		EnableHttp2:              pulumi.Bool(true),
		EnableZonalShift:         pulumi.Bool(true), // a zone that limps can be taken out by hand
		IdleTimeout:              pulumi.Int(b.args.IdleTimeoutSeconds),
		ClientKeepAlive:          pulumi.Int(b.args.ClientKeepAliveSeconds),
		Tags:                     tags(name),
	}
	args.AccessLogs = &lb.LoadBalancerAccessLogsArgs{
		Bucket: b.logBucket, Prefix: pulumi.String(b.name), Enabled: pulumi.Bool(true),
	}
	args.ConnectionLogs = &lb.LoadBalancerConnectionLogsArgs{
		Bucket: b.logBucket, Prefix: pulumi.String(b.name), Enabled: pulumi.Bool(true),
	}
	b.balancer, err = lb.NewLoadBalancer(b.ctx, name, args, b.in)
	return err
}

func (b *builder) makeListeners() (err error) {
	if b.https, err = lb.NewListener(b.ctx, b.name+"-https", &lb.ListenerArgs{
		LoadBalancerArn:                  b.balancer.Arn,
		Port:                             pulumi.Int(443),
		Protocol:                         pulumi.String("HTTPS"),
		SslPolicy:                        pulumi.String(b.args.TLSPolicy),
		CertificateArn:                   b.certificate.CertificateArn,
		RoutingHttpResponseServerEnabled: pulumi.Bool(false), // who we are is nobody's business
		DefaultActions: lb.ListenerDefaultActionArray{&lb.ListenerDefaultActionArgs{
			Type: pulumi.String("fixed-response"),
			FixedResponse: &lb.ListenerDefaultActionFixedResponseArgs{
				ContentType: pulumi.String("text/plain"),
				MessageBody: pulumi.String("no such service"),
				StatusCode:  pulumi.String("404"),
			},
		}},
	}, b.in); err != nil {
		return err
	}
	_, err = lb.NewListener(b.ctx, b.name+"-http", &lb.ListenerArgs{
		LoadBalancerArn: b.balancer.Arn,
		Port:            pulumi.Int(80),
		Protocol:        pulumi.String("HTTP"),
		DefaultActions: lb.ListenerDefaultActionArray{&lb.ListenerDefaultActionArgs{
			Type: pulumi.String("redirect"),
			Redirect: &lb.ListenerDefaultActionRedirectArgs{
				Protocol:   pulumi.String("HTTPS"),
				Port:       pulumi.String("443"),
				StatusCode: pulumi.String("HTTP_301"),
			},
		}},
	}, b.in)
	return err
}

// makeHealthChecks makes the check of this region's endpoint and, where others
// have to be healthy too, the one that sums them up.
func (b *builder) makeHealthChecks() (err error) {
	name := b.name + "-endpoint"
	if b.endpoint, err = route53.NewHealthCheck(b.ctx, name, &route53.HealthCheckArgs{
		Type:             pulumi.String("HTTPS"),
		Fqdn:             pulumi.String(b.args.RegionalName),
		Port:             pulumi.Int(443),
		EnableSni:        pulumi.Bool(true),
		ResourcePath:     pulumi.String(b.args.HealthCheckPath),
		RequestInterval:  pulumi.Int(10), // seconds; the shorter of the two that Route 53 offers
		FailureThreshold: pulumi.Int(3),
		Regions:          pulumi.ToStringArray(b.args.HealthCheckRegions),
		Tags:             tags(name),
	}, b.in); err != nil {
		return err
	}
	b.health = b.endpoint.ID()
	all := append(pulumi.StringArray{b.endpoint.ID()}, b.args.AlsoRequire...)
	for _, s := range b.args.Standbys {
		notTakenOver, err := b.watchTakeover(s)
		if err != nil {
			return err
		}
		b.notTakenOver[s.Region] = notTakenOver.ID()
		all = append(all, notTakenOver.ID())
	}
	for _, key := range slices.Sorted(maps.Keys(b.args.RequireAlarms)) {
		name := b.name + "-alarm-" + key
		check, err := route53.NewHealthCheck(b.ctx, name, &route53.HealthCheckArgs{
			Type:                         pulumi.String("CLOUDWATCH_METRIC"),
			CloudwatchAlarmName:          b.args.RequireAlarms[key],
			CloudwatchAlarmRegion:        pulumi.String(b.args.Region),
			InsufficientDataHealthStatus: pulumi.String("LastKnownStatus"),
			Tags:                         tags(name),
		}, b.in)
		if err != nil {
			return err
		}
		b.alarmChecks = append(b.alarmChecks, check.ID())
	}
	all = append(all, b.alarmChecks...)
	if b.args.ReserveHealthCheckID != nil {
		all = append(all, b.args.ReserveHealthCheckID)
	}
	if len(all) == 1 {
		return nil
	}
	name = b.name + "-region"
	calculated, err := route53.NewHealthCheck(b.ctx, name, &route53.HealthCheckArgs{
		Type:                 pulumi.String("CALCULATED"),
		ChildHealthchecks:    all,
		ChildHealthThreshold: pulumi.Int(len(all)),
		Tags:                 tags(name),
	}, b.in)
	if err != nil {
		return err
	}
	b.health = calculated.ID()
	return nil
}

// balancerAlias leads a name to this region's load balancer.
func (b *builder) balancerAlias() route53.RecordAliasArray {
	return route53.RecordAliasArray{&route53.RecordAliasArgs{
		Name:                 b.balancer.DnsName,
		ZoneId:               b.balancer.ZoneId,
		EvaluateTargetHealth: pulumi.Bool(true),
	}}
}

// makeRecords makes the regional name and this region's answer for the origin
// name.
func (b *builder) makeRecords() error {
	target := b.balancerAlias()
	if _, err := route53.NewRecord(b.ctx, b.name+"-regional", &route53.RecordArgs{
		ZoneId:  b.zoneID,
		Name:    pulumi.String(b.args.RegionalName),
		Type:    pulumi.String("A"),
		Aliases: target,
	}, b.in); err != nil {
		return err
	}
	health := b.health.ToStringOutput().ToStringPtrOutput()
	switch {
	case b.args.Failover == RolePrimary:
		_, err := b.answer("origin", b.args.OriginName, "PRIMARY", target, health)
		return err
	case b.args.StandbyName == "":
		_, err := b.answer("origin", b.args.OriginName, "SECONDARY", target, health)
		return err
	case b.args.Failover == RoleReserve:
		_, err := b.answer("standby", b.args.StandbyName, "SECONDARY", target, health)
		return err
	}
	standby, err := b.answer("standby", b.args.StandbyName, "PRIMARY", target, health)
	if err != nil {
		return err
	}
	// Healthy while one of the standbys is: Route 53 looks at the records of that name.
	_, err = b.answer("origin", b.args.OriginName, "SECONDARY", route53.RecordAliasArray{&route53.RecordAliasArgs{
		Name:                 standby.Fqdn,
		ZoneId:               b.zoneID,
		EvaluateTargetHealth: pulumi.Bool(true),
	}}, nil)
	return err
}

// answer makes this region's record for a failover name.
func (b *builder) answer(suffix, name, role string, target route53.RecordAliasArray, health pulumi.StringPtrInput) (*route53.Record, error) {
	return route53.NewRecord(b.ctx, b.name+"-"+suffix, &route53.RecordArgs{
		ZoneId:        b.zoneID,
		Name:          pulumi.String(name),
		Type:          pulumi.String("A"),
		Aliases:       target,
		SetIdentifier: pulumi.String(b.args.Region),
		HealthCheckId: health,
		FailoverRoutingPolicies: route53.RecordFailoverRoutingPolicyArray{
			&route53.RecordFailoverRoutingPolicyArgs{Type: pulumi.String(role)},
		},
	}, b.in)
}
