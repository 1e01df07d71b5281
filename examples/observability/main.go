// Command observability is a Pulumi program that watches what exists already: an
// Aurora cluster and a DynamoDB table, which it knows by their names alone.
package main

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/config"

	"github.com/tandem-platform/tandem/components/observability"
)

const region = "us-west-2"

func main() { pulumi.Run(program) }

func program(ctx *pulumi.Context) error {
	provider, err := aws.NewProvider(ctx, "west", &aws.ProviderArgs{Region: pulumi.String(region)})
	if err != nil {
		return err
	}
	watch, err := observability.NewObservability(ctx, "shop-west", &observability.ObservabilityArgs{
		Region:            region,
		AccountID:         config.Require(ctx, "account"),
		Emails:            []string{config.Require(ctx, "email")},
		DatabaseClusterID: pulumi.String(config.Require(ctx, "cluster")),
		Tables:            map[string]pulumi.StringInput{"sessions": pulumi.String(config.Require(ctx, "table"))},
		Thresholds:        observability.Thresholds{ReplicationLagSeconds: 10},
	}, pulumi.Providers(provider))
	if err != nil {
		return err
	}
	ctx.Export("topic", watch.TopicARN)
	ctx.Export("dashboard", watch.DashboardName)
	return nil
}
