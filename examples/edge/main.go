// Command edge is a Pulumi program with the way into two regions: a load balancer
// in each, one name that both answer for, and CloudFront in front. No service
// runs behind it yet, so every request is answered with 404.
//
// One program holds both regions here, so that all of it is in sight. A platform
// that has to survive the loss of a region has a stack for each, as stacks/ does.
package main

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/config"

	"github.com/tandem-platform/tandem/components/edge"
	"github.com/tandem-platform/tandem/components/network"
)

func main() { pulumi.Run(program) }

func program(ctx *pulumi.Context) error {
	domain := config.Require(ctx, "domain")
	home, err := makeRegion(ctx, "shop-east", "us-east-1", "10.10.0.0/16", &edge.EdgeArgs{
		Domain: domain, Failover: edge.RolePrimary, Global: &edge.GlobalArgs{},
	})
	if err != nil {
		return err
	}
	if _, err := makeRegion(ctx, "shop-west", "us-west-2", "10.20.0.0/16", &edge.EdgeArgs{
		Domain: domain, Failover: edge.RoleSecondary, ZoneID: home.ZoneID,
	}); err != nil {
		return err
	}
	ctx.Export("nameServers", home.NameServers)
	ctx.Export("originName", home.OriginName)
	ctx.Export("distribution", home.Global.DistributionDomainName)
	return nil
}

// makeRegion makes a VPC with the way into it.
func makeRegion(ctx *pulumi.Context, name, region, cidr string, args *edge.EdgeArgs) (*edge.Edge, error) {
	provider, err := aws.NewProvider(ctx, name, &aws.ProviderArgs{Region: pulumi.String(region)})
	if err != nil {
		return nil, err
	}
	net, err := network.NewNetwork(ctx, name, &network.NetworkArgs{
		CIDR: cidr, Zones: []string{region + "a", region + "b"}, NAT: network.NATNone,
	}, pulumi.Providers(provider))
	if err != nil {
		return nil, err
	}
	args.Region = region
	args.VPCID = net.VPCID
	args.VPCCIDRBlock = net.CIDRBlock
	args.PublicSubnetIDs = net.PublicSubnetIDs
	return edge.NewEdge(ctx, name, args, pulumi.Providers(provider))
}
