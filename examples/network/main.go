// Command network is a Pulumi program with a VPC for a test environment: three
// zones that share one NAT gateway.
package main

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/tandem-platform/tandem/components/network"
)

func main() { pulumi.Run(program) }

func program(ctx *pulumi.Context) error {
	provider, err := aws.NewProvider(ctx, "west", &aws.ProviderArgs{Region: pulumi.String("us-west-2")})
	if err != nil {
		return err
	}
	net, err := network.NewNetwork(ctx, "shop-test", &network.NetworkArgs{
		CIDR:      "10.30.0.0/18",
		Zones:     []string{"us-west-2a", "us-west-2b", "us-west-2c"},
		NAT:       network.NATSingle,
		FlowLogs:  network.FlowLogs{RetentionDays: 14},
		Endpoints: network.Endpoints{Interface: []string{"ecr.api", "ecr.dkr", "sts"}},
	}, pulumi.Providers(provider))
	if err != nil {
		return err
	}
	ctx.Export("vpcId", net.VPCID)
	ctx.Export("publicSubnetIds", net.PublicSubnetIDs)
	ctx.Export("privateSubnetIds", net.PrivateSubnetIDs)
	ctx.Export("dataSubnetIds", net.DataSubnetIDs)
	return nil
}
