// Command recovery is a Pulumi program with what takes over in a standby region of
// a platform that exists: an Aurora global database, a load balancer in each
// region, and one name that both answer for.
package main

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/config"

	"github.com/tandem-platform/tandem/components/observability"
	"github.com/tandem-platform/tandem/components/recovery"
)

func main() { pulumi.Run(program) }

func program(ctx *pulumi.Context) error {
	account, domain, cluster := config.Require(ctx, "accountId"), config.Require(ctx, "domain"), config.Require(ctx, "cluster")
	west, err := aws.NewProvider(ctx, "shop-west", &aws.ProviderArgs{Region: pulumi.String("us-west-2")})
	if err != nil {
		return err
	}
	// People are told and asked by the topic of the alarms.
	watch, err := observability.NewObservability(ctx, "shop-west", &observability.ObservabilityArgs{
		Region: "us-west-2", AccountID: account, Emails: []string{"operations@" + domain},
	}, pulumi.Providers(west))
	if err != nil {
		return err
	}
	made, err := recovery.NewRecovery(ctx, "shop-west", &recovery.RecoveryArgs{
		Region:    "us-west-2",
		AccountID: account,
		Failover:  recovery.RoleSecondary,
		Other:     recovery.Other{Region: "us-east-1", Failover: recovery.RolePrimary, RegionalName: "shop-east." + domain},

		RegionalName:     "shop-west." + domain,
		OriginName:       "origin." + domain,
		CertificateNames: []string{"shop-west." + domain, "origin." + domain},
		ServedPaths:      []string{"/*"},

		GlobalClusterID:    pulumi.String(config.Require(ctx, "globalCluster")),
		ClusterID:          pulumi.String(cluster),
		ClusterARN:         pulumi.Sprintf("arn:aws:rds:us-west-2:%s:cluster:%s", account, cluster),
		TakeoverBucketName: pulumi.String(config.Require(ctx, "takeoverBucket")),
		TopicARN:           watch.TopicARN,
		TopicKeyARN:        watch.KeyARN,

		// Without an answer within two minutes the region takes over.
		Approval: recovery.AutomaticAfterWait,
	}, pulumi.Providers(west))
	if err != nil {
		return err
	}
	ctx.Export("takeover", made.TakeoverMachineARN)
	ctx.Export("failback", made.FailbackMachineARN)
	return nil
}
