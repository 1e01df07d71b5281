package network_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"github.com/tandem-platform/tandem/components/network"
	"github.com/tandem-platform/tandem/internal/mocktest"
)

func ids(kind string, zones ...string) map[string]pulumi.StringInput {
	all := map[string]pulumi.StringInput{}
	for i, zone := range zones {
		all[zone] = pulumi.String(kind + "-0123456789abcdef" + string(rune('0'+i)))
	}
	return all
}

func existing() *network.ExistingNetworkArgs {
	return &network.ExistingNetworkArgs{
		VPCID: pulumi.String("vpc-0123456789abcdef0"),
		CIDR:  "10.8.0.0/22",
		SubnetIDs: map[network.Tier]map[string]pulumi.StringInput{
			network.TierPublic:  ids("subnet", "us-east-1a", "us-east-1b"),
			network.TierPrivate: ids("subnet", "us-east-1a", "us-east-1b"),
			network.TierData:    ids("subnet", "us-east-1a", "us-east-1b"),
		},
		RouteTableIDs: ids("rtb", "all"),
		NATGatewayIDs: ids("nat", "us-east-1a"),
	}
}

func TestAnExistingNetworkHasTheOutputsOfOneThatWasMade(t *testing.T) {
	var net *network.Network
	rec := mocktest.MustRun(t, func(ctx *pulumi.Context) (err error) {
		args := existing()
		args.VPCID = pulumi.String("vpc-0123456789abcdef0").ToStringOutput() // of another stack, say
		if net, err = network.NewExistingNetwork(ctx, "net", args); err != nil {
			return err
		}
		return ctx.RegisterComponentResourceV2("test:index:Taker", "taker", pulumi.Map{
			"vpcId": net.VPCID, "cidr": net.CIDRBlock, "ipv6": net.IPv6CIDRBlock, "zones": net.Zones, "public": net.PublicSubnetIDs, "blocks": net.PublicCIDRBlocks,
			"private": net.PrivateSubnetIDs, "data": net.DataSubnetIDs, "intra": net.IntraSubnetIDs,
			"table": net.RouteTableIDs["all"], "nat": net.NATGatewayIDs["us-east-1a"],
		}, &pulumi.ResourceState{})
	}, mocktest.Options{})
	two := []any{"subnet-0123456789abcdef0", "subnet-0123456789abcdef1"}
	require.Equal(t, map[string]any{
		"vpcId": "vpc-0123456789abcdef0", "cidr": "10.8.0.0/22", "ipv6": "", "zones": []any{"us-east-1a", "us-east-1b"},
		"blocks": []any{"10.8.0.0/22"}, "public": two, "private": two, "data": two, "intra": []any{}, "table": "rtb-0123456789abcdef0", "nat": "nat-0123456789abcdef0",
	}, rec.Get(t, "test:index:Taker", "taker").Plain())
	require.Equal(t, []string{"test:index:Taker", "tandem:index:Network"}, []string{rec.Resources[len(rec.Resources)-1].Type, rec.Resources[len(rec.Resources)-2].Type})
	require.Len(t, rec.Resources, 2, "nothing is made")
}

func TestEveryBadIDOfAnExistingNetworkIsReported(t *testing.T) {
	args := existing()
	args.VPCID = pulumi.String("10.8.0.0")
	args.CIDR = "10.8.0.0/8"
	delete(args.SubnetIDs[network.TierData], "us-east-1b")
	args.SubnetIDs[network.TierPublic]["us-east-1a"] = pulumi.String("sg-0123456789abcdef0")
	args.SubnetIDs["database"] = nil
	args.RouteTableIDs["all"] = nil
	args.NATGatewayIDs = ids("nat", "us-east-1c")
	rec, err := mocktest.Run(func(ctx *pulumi.Context) error {
		_, err := network.NewExistingNetwork(ctx, "net", args)
		return err
	}, mocktest.Options{})
	require.ErrorContains(t, err, `network "net": 8 problems
  vpcId: Invalid value: "10.8.0.0": must be an id such as vpc-0123456789abcdef0
  cidr: Invalid value: "10.8.0.0/8": must be a network address; did you mean 10.0.0.0/8
  cidr: Invalid value: "10.8.0.0/8": must have a prefix length of 16 to 28; give one such as 10.0.0.0/16
  subnetIds[database]: Unsupported value: "database": supported values: "public", "private", "data", "intra"
  subnetIds[public][us-east-1a]: Invalid value: "sg-0123456789abcdef0": must be an id such as subnet-0123456789abcdef0
  subnetIds[data]: Invalid value: ["us-east-1a"]: must have a subnet in each of the zones of the private tier: [us-east-1a us-east-1b]
  routeTableIds[all]: Required value: give an id such as rtb-0123456789abcdef0
  natGatewayIds[us-east-1c]: Unsupported value: "us-east-1c": supported values: "us-east-1a", "us-east-1b"`)
	require.Empty(t, rec.Resources)
}

func TestAnExistingNetworkNeedsItsIDs(t *testing.T) {
	err := (*network.ExistingNetworkArgs)(nil).Validate("net")
	for _, want := range []string{
		"vpcId: Required value: give an id such as vpc-0123456789abcdef0",
		"cidr: Required value: the VPC needs an IPv4 block; give one such as 10.0.0.0/16",
		"subnetIds[private]: Required value: give two to six availability zones, such as us-east-1a and us-east-1b",
	} {
		require.ErrorContains(t, err, want)
	}
}
