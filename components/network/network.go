// Package network makes the VPC that a region of the platform lives in.
//
// A [Network] spreads its tiers of subnets over its availability zones: public
// ones for load balancers and NAT gateways, private ones for nodes and pods, data
// ones, which have no route out of the VPC, and on request intra ones for what
// others are attached by. Its default security group and its default network ACL
// let nothing through, all traffic is recorded, and S3 and DynamoDB are reached
// through gateway endpoints, which cost nothing.
//
// [NewExistingNetwork] stands for a VPC that was made elsewhere, with the same
// outputs, and [PlanRegion] gives every region a block that overlaps no other's.
package network

import (
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Network is a VPC with subnets in tiers over its availability zones. Lists of
// subnets are in the order of the zones' names.
//
// The subnets' ids depend on everything that makes the subnets work: routes, NAT
// gateways, network ACLs and endpoints. So what is put into a subnet starts after
// these, and is gone before they go.
type Network struct {
	pulumi.ResourceState

	// VPCID is the id of the VPC.
	VPCID pulumi.IDOutput `pulumi:"vpcId"`
	// CIDRBlock is the VPC's IPv4 block.
	CIDRBlock pulumi.StringOutput `pulumi:"cidrBlock"`
	// IPv6CIDRBlock is the VPC's IPv6 block, "" where it has none.
	IPv6CIDRBlock pulumi.StringOutput `pulumi:"ipv6CidrBlock"`
	// Zones are the availability zones, sorted.
	Zones pulumi.StringArrayOutput `pulumi:"zones"`
	// PublicSubnetIDs are the subnets that are routed to the internet gateway.
	PublicSubnetIDs pulumi.StringArrayOutput `pulumi:"publicSubnetIds"`
	// PublicCIDRBlocks are the IPv4 blocks of those subnets, from which load
	// balancers reach their targets.
	PublicCIDRBlocks pulumi.StringArrayOutput `pulumi:"publicCidrBlocks"`
	// PrivateSubnetIDs are the subnets for nodes and pods.
	PrivateSubnetIDs pulumi.StringArrayOutput `pulumi:"privateSubnetIds"`
	// DataSubnetIDs are the subnets with no route out of the VPC.
	DataSubnetIDs pulumi.StringArrayOutput `pulumi:"dataSubnetIds"`
	// IntraSubnetIDs are the subnets for endpoints and attachments, none where there
	// is no such tier.
	IntraSubnetIDs pulumi.StringArrayOutput `pulumi:"intraSubnetIds"`
	// NATGatewayIDs are the NAT gateways, by the zone that each is in.
	NATGatewayIDs map[string]pulumi.StringOutput
	// RouteTableIDs are the route tables of the private, data and intra tiers, by a
	// name for each that stays: what a peer's network is routed in.
	RouteTableIDs map[string]pulumi.StringOutput
}

// RouteTableNames are the names that [Network.RouteTableIDs] of such a network
// has, sorted: they are known before the network is.
func (a *NetworkArgs) RouteTableNames() []string {
	names := []string{string(TierData)}
	if a.Intra {
		names = append(names, string(TierIntra))
	}
	for _, zone := range a.Zones {
		names = append(names, privateTable(zone))
	}
	slices.Sort(names)
	return names
}

// NewNetwork makes a network. Bad arguments are reported all at once, before
// anything is registered.
func NewNetwork(ctx *pulumi.Context, name string, args *NetworkArgs, opts ...pulumi.ResourceOption) (*Network, error) {
	args = args.withDefaults()
	if err := args.Validate(name); err != nil {
		return nil, err
	}
	slices.Sort(args.Zones) // after validation, whose paths count as the caller does
	n := &Network{}
	inputs := pulumi.Map{
		"cidr":  pulumi.String(args.CIDR),
		"zones": pulumi.ToStringArray(args.Zones),
		"nat":   pulumi.String(args.NAT),
		"intra": pulumi.Bool(args.Intra),
		"ipv6":  pulumi.Bool(args.IPv6),
	}
	if err := ctx.RegisterComponentResourceV2("tandem:index:Network", name, inputs, n, opts...); err != nil {
		return nil, err
	}
	b := &builder{ctx: ctx, name: name, args: args, in: pulumi.Parent(n)}
	for _, step := range []func() error{
		b.makeVPC, b.makeSubnets, b.routePublic, b.routePrivate, b.routeInner, b.makeACLs,
		b.makeGatewayEndpoints, b.makeInterfaceEndpoints, b.makeFlowLogs,
	} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	n.VPCID = b.vpc.ID()
	n.CIDRBlock = b.vpc.CidrBlock
	n.IPv6CIDRBlock = b.ipv6Block()
	n.Zones = pulumi.ToStringArray(args.Zones).ToStringArrayOutput()
	n.PublicSubnetIDs = b.subnetIDs(TierPublic)
	n.PublicCIDRBlocks = b.subnetBlocks(TierPublic)
	n.PrivateSubnetIDs = b.subnetIDs(TierPrivate)
	n.DataSubnetIDs = b.subnetIDs(TierData)
	n.IntraSubnetIDs = b.subnetIDs(TierIntra)
	n.NATGatewayIDs = map[string]pulumi.StringOutput{}
	for zone, gateway := range b.gateways {
		n.NATGatewayIDs[zone] = gateway.ID().ToStringOutput()
	}
	n.RouteTableIDs = b.inner
	return n, n.register(ctx)
}

// register tells the engine the outputs.
func (n *Network) register(ctx *pulumi.Context) error {
	return ctx.RegisterResourceOutputs(n, pulumi.Map{
		"vpcId":            n.VPCID,
		"cidrBlock":        n.CIDRBlock,
		"ipv6CidrBlock":    n.IPv6CIDRBlock,
		"zones":            n.Zones,
		"publicSubnetIds":  n.PublicSubnetIDs,
		"publicCidrBlocks": n.PublicCIDRBlocks,
		"privateSubnetIds": n.PrivateSubnetIDs,
		"dataSubnetIds":    n.DataSubnetIDs,
		"intraSubnetIds":   n.IntraSubnetIDs,
	})
}
