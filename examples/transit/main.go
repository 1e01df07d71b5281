// Command transit is a Pulumi program with the VPCs of two regions that reach each
// other by Transit Gateway. Both are in one program here; in the platform's own
// stacks the standby is in another, and takes what it needs from home's contract.
package main

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/tandem-platform/tandem/components/network"
	"github.com/tandem-platform/tandem/components/transit"
)

// pool has a block for the VPC of every region.
const pool = "10.64.0.0/10"

// numbers are the ASNs of the regions' gateways.
var numbers = map[string]int{"us-east-1": 64512, "us-west-2": 64513}

func main() { pulumi.Run(program) }

func program(ctx *pulumi.Context) error {
	home, err := join(ctx, "us-east-1", nil)
	if err != nil {
		return err
	}
	_, err = join(ctx, "us-west-2", home)
	return err
}

// join makes the network and the gateway of a region, and joins them to home's.
// It returns what others need to be joined to this one.
func join(ctx *pulumi.Context, region string, home *transit.HomeInputs) (*transit.HomeInputs, error) {
	cidr, err := network.PlanRegion(pool, region)
	if err != nil {
		return nil, err
	}
	provider, err := aws.NewProvider(ctx, region, &aws.ProviderArgs{Region: pulumi.String(region)})
	if err != nil {
		return nil, err
	}
	args := &network.NetworkArgs{CIDR: cidr, Zones: []string{region + "a", region + "b"}, NAT: network.NATNone, Intra: true}
	if home != nil {
		args.PeerCIDRs = []string{home.CIDR}
	}
	net, err := network.NewNetwork(ctx, region, args, pulumi.Providers(provider))
	if err != nil {
		return nil, err
	}
	tables := map[string]pulumi.StringInput{}
	for name, id := range net.RouteTableIDs {
		tables[name] = id
	}
	gateway, err := transit.NewTransit(ctx, region, &transit.TransitArgs{
		Region: region, ASN: numbers[region], VPCID: net.VPCID, CIDR: cidr, SubnetIDs: net.IntraSubnetIDs, RouteTableIDs: tables, Home: home,
	}, pulumi.Providers(provider))
	if err != nil {
		return nil, err
	}
	return &transit.HomeInputs{
		Region: region, Provider: provider, ASN: numbers[region], CIDR: cidr,
		TransitGatewayID: gateway.TransitGatewayID, TransitRouteTableID: gateway.TransitRouteTableID, RouteTableIDs: tables,
	}, nil
}
