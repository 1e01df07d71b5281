package edge

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/route53"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/s3"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/tandem-platform/tandem/internal/bucket"
	"github.com/tandem-platform/tandem/internal/iampolicy"
)

// TakeoverKey is the takeover object's key: while an object of that name is in a
// standby's takeover bucket, the primary counts as unhealthy.
const TakeoverKey = "takeover"

// checkerBlocks are where Route 53's health checkers ask from (AWS IP address
// ranges, ip-ranges.json, service ROUTE53_HEALTHCHECKS, IPv4, as published on
// 2026-08-22: the block of GLOBAL and those of the eight regions that a check may
// ask from; those of other partitions and of regions without checkers are left
// out). Checkers that are not among them are refused, and a check is healthy while
// more than 18 % of them agree, so a block that AWS adds later does no harm at
// once.
var checkerBlocks = []string{
	"15.177.0.0/18", "54.183.255.128/26", "54.228.16.0/26", "54.232.40.64/26", "54.241.32.64/26", "54.243.31.192/26",
	"54.244.52.192/26", "54.245.168.0/26", "54.248.220.0/26", "54.250.253.192/26", "54.251.31.128/26", "54.252.79.128/26",
	"54.252.254.192/26", "54.255.254.192/26", "107.23.255.0/26", "176.34.159.192/26", "177.71.207.128/26",
}

// watchTakeover makes the takeover bucket in a standby's region and the check
// that is healthy as long as the object is not there. The bucket is the
// primary's, because the primary's health check needs its name; the standby
// writes the object, within its own region and without any control plane.
//
// A standby that is lost takes its bucket along: the object cannot be had, and
// the primary leads again.
func (b *builder) watchTakeover(s Standby) (*route53.HealthCheck, error) {
	name := b.name + "-takeover-" + s.Region
	made, err := bucket.New(b.ctx, name, bucket.Args{
		// The checkers are anonymous, and KMS knows nobody who is.
		Statements: func(_, objects pulumi.StringOutput) []iampolicy.Statement {
			return []iampolicy.Statement{{
				Sid:       "HealthCheckers",
				Principal: "*",
				Action:    []string{"s3:GetObject"},
				Resource:  objects,
				Condition: map[string]any{"IpAddress": map[string]any{"aws:SourceIp": checkerBlocks}},
			}}
		},
		Versioned:    true,
		Lifecycle:    s3.BucketLifecycleConfigurationV2RuleArray{bucket.ExpireVersions(90)}, // who took over when
		AllowDestroy: b.args.AllowDestroy,
	}, b.in, pulumi.Provider(s.Provider))
	if err != nil {
		return nil, err
	}
	b.takeover[s.Region] = made.Name
	return route53.NewHealthCheck(b.ctx, name, &route53.HealthCheckArgs{
		Type:              pulumi.String("HTTPS"),
		Fqdn:              pulumi.Sprintf("%s.s3.%s.amazonaws.com", made.Name, s.Region).ToStringPtrOutput(),
		Port:              pulumi.Int(443),
		EnableSni:         pulumi.Bool(true),
		ResourcePath:      pulumi.String("/" + TakeoverKey),
		InvertHealthcheck: pulumi.Bool(true), // an object that is there is bad news
		RequestInterval:   pulumi.Int(10),
		FailureThreshold:  pulumi.Int(3),
		Regions:           pulumi.ToStringArray(b.args.HealthCheckRegions),
		Tags:              tags(name),
	}, b.in)
}
