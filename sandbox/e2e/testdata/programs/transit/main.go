// Command transit joins the networks of home and of standbys. Its configuration
// has the AWS regions of the standbys as JSON.
package main

import (
	"encoding/json"
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/config"

	"github.com/tandem-platform/tandem/components/network"
	"github.com/tandem-platform/tandem/components/transit"
)

const (
	home = "us-east-1"
	pool = "10.0.0.0/10"
)

// numbers are those of the gateways, by region.
var numbers = map[string]int{home: 64512, "us-west-2": 64513, "eu-west-1": 64514}

func main() { pulumi.Run(program) }

func program(ctx *pulumi.Context) error {
	var standbys []string
	if err := json.Unmarshal([]byte(config.Get(ctx, "transit:args")), &standbys); err != nil {
		return fmt.Errorf("transit:args: %w", err)
	}
	first, err := newRegion(ctx, home, nil, standbys)
	if err != nil {
		return err
	}
	for _, standby := range standbys {
		if _, err := newRegion(ctx, standby, first, []string{home}); err != nil {
			return err
		}
	}
	return nil
}

// region is a network with its gateway.
type region struct {
	name, cidr string
	provider   *aws.Provider
	network    *network.Network
	transit    *transit.Transit
}

// newRegion makes a region that is joined to peers; home is nil for home itself.
func newRegion(ctx *pulumi.Context, name string, home *region, peers []string) (r *region, err error) {
	r = &region{name: name}
	if r.cidr, err = network.PlanRegion(pool, name); err != nil {
		return nil, err
	}
	if r.provider, err = aws.NewProvider(ctx, name, &aws.ProviderArgs{Region: pulumi.String(name)}); err != nil {
		return nil, err
	}
	args := &network.NetworkArgs{CIDR: r.cidr, Zones: []string{name + "a", name + "b"}, NAT: network.NATNone, Intra: true, AllowDestroy: true}
	for _, peer := range peers {
		cidr, err := network.PlanRegion(pool, peer)
		if err != nil {
			return nil, err
		}
		args.PeerCIDRs = append(args.PeerCIDRs, cidr)
	}
	if r.network, err = network.NewNetwork(ctx, name, args, pulumi.Providers(r.provider)); err != nil {
		return nil, err
	}
	joined := &transit.TransitArgs{
		Region: name, ASN: numbers[name], VPCID: r.network.VPCID, CIDR: r.cidr,
		SubnetIDs: r.network.IntraSubnetIDs, RouteTableIDs: tables(r.network),
	}
	if home != nil {
		joined.Home = &transit.HomeInputs{
			Region: home.name, Provider: home.provider, ASN: numbers[home.name], CIDR: home.cidr,
			TransitGatewayID: home.transit.TransitGatewayID, TransitRouteTableID: home.transit.TransitRouteTableID,
			RouteTableIDs: tables(home.network),
		}
	}
	r.transit, err = transit.NewTransit(ctx, name, joined, pulumi.Providers(r.provider))
	return r, err
}

func tables(n *network.Network) map[string]pulumi.StringInput {
	all := map[string]pulumi.StringInput{}
	for name, id := range n.RouteTableIDs {
		all[name] = id
	}
	return all
}
