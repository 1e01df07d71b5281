// Package network makes the VPC that a region of the platform lives in.
//
// A [Network] spreads three tiers of subnets over its availability zones:
// public ones for load balancers and NAT gateways, private ones for nodes and
// pods, and data ones, which have no route out of the VPC. Its default security
// group lets nothing through, its flow logs go to CloudWatch Logs, and S3 and
// DynamoDB are reached through gateway endpoints, which cost nothing.
package network

import (
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Network is a VPC with subnets in three tiers over its availability zones.
// Lists of subnets are in the order of the zones' names.
type Network struct {
	pulumi.ResourceState

	// VPCID is the id of the VPC.
	VPCID pulumi.IDOutput `pulumi:"vpcId"`
	// CIDRBlock is the VPC's IPv4 block.
	CIDRBlock pulumi.StringOutput `pulumi:"cidrBlock"`
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
	// NATGatewayIDs are the NAT gateways, by the zone that each is in.
	NATGatewayIDs map[string]pulumi.IDOutput
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
		"cidr":                 pulumi.String(args.CIDR),
		"zones":                pulumi.ToStringArray(args.Zones),
		"nat":                  pulumi.String(args.NAT),
		"flowLogRetentionDays": pulumi.Int(args.FlowLogRetentionDays),
	}
	if err := ctx.RegisterComponentResourceV2("tandem:index:Network", name, inputs, n, opts...); err != nil {
		return nil, err
	}
	b := &builder{ctx: ctx, name: name, args: args, in: pulumi.Parent(n)}
	for _, step := range []func() error{b.makeVPC, b.makeSubnets, b.routePublic, b.routePrivate, b.makeGatewayEndpoints, b.makeFlowLogs} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	n.VPCID = b.vpc.ID()
	n.CIDRBlock = b.vpc.CidrBlock
	n.Zones = pulumi.ToStringArray(args.Zones).ToStringArrayOutput()
	n.PublicSubnetIDs = b.subnetIDs(tierPublic)
	n.PublicCIDRBlocks = b.subnetBlocks(tierPublic)
	n.PrivateSubnetIDs = b.subnetIDs(tierPrivate)
	n.DataSubnetIDs = b.subnetIDs(tierData)
	n.NATGatewayIDs = map[string]pulumi.IDOutput{}
	for zone, gateway := range b.gateways {
		n.NATGatewayIDs[zone] = gateway.ID()
	}
	return n, ctx.RegisterResourceOutputs(n, pulumi.Map{
		"vpcId":            n.VPCID,
		"cidrBlock":        n.CIDRBlock,
		"zones":            n.Zones,
		"publicSubnetIds":  n.PublicSubnetIDs,
		"publicCidrBlocks": n.PublicCIDRBlocks,
		"privateSubnetIds": n.PrivateSubnetIDs,
		"dataSubnetIds":    n.DataSubnetIDs,
	})
}
