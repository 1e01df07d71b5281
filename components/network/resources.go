package network

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// builder makes the children of one network, step by step.
type builder struct {
	ctx  *pulumi.Context
	name string
	args *NetworkArgs
	in   pulumi.ResourceOption // the parent of every child

	vpc     *ec2.Vpc
	ipv6    *ec2.VpcIpv6CidrBlockAssociation // nil without IPv6
	gateway *ec2.InternetGateway
	subnets map[Tier]map[string]*ec2.Subnet // by tier and zone
	tables  pulumi.StringArray              // every route table
	private map[string]*ec2.RouteTable      // private route tables by zone
	inner   map[string]pulumi.StringOutput  // route tables of all tiers but the public one, by name
	// NAT gateways by the zone that each is in.
	gateways map[string]*ec2.NatGateway
	// what makes the subnets of a tier work, besides themselves
	needed map[Tier][]pulumi.Resource
}

// tags names what has no name of its own, for the console's lists.
func tags(name string) pulumi.StringMap { return pulumi.StringMap{"Name": pulumi.String(name)} }

// needs notes what subnets of some tiers do not work without.
func (b *builder) needs(r pulumi.Resource, of ...Tier) {
	if b.needed == nil {
		b.needed = map[Tier][]pulumi.Resource{}
	}
	for _, t := range of {
		b.needed[t] = append(b.needed[t], r)
	}
}

// plainSubnetIDs are the ids of a tier's subnets for the network's own use.
func (b *builder) plainSubnetIDs(t Tier) pulumi.StringArray {
	ids := pulumi.StringArray{}
	for _, zone := range b.args.Zones {
		if s := b.subnets[t][zone]; s != nil {
			ids = append(ids, s.ID())
		}
	}
	return ids
}

// subnetIDs are the ids of a tier's subnets for others, who have to wait for
// what the subnets need. Dependencies are added to the output and no values, so
// that the ids stay known while a route or an endpoint changes.
func (b *builder) subnetIDs(t Tier) pulumi.StringArrayOutput {
	ids := b.plainSubnetIDs(t).ToStringArrayOutput()
	return pulumi.OutputWithDependencies(b.ctx.Context(), ids, b.needed[t]...).(pulumi.StringArrayOutput)
}

// subnetBlocks are the IPv4 blocks of a tier's subnets.
func (b *builder) subnetBlocks(t Tier) pulumi.StringArrayOutput {
	blocks := pulumi.StringArray{}
	for _, zone := range b.args.Zones {
		blocks = append(blocks, b.subnets[t][zone].CidrBlock.Elem())
	}
	return blocks.ToStringArrayOutput()
}

func (b *builder) makeVPC() (err error) {
	name := b.name + "-vpc"
	if b.vpc, err = ec2.NewVpc(b.ctx, name, &ec2.VpcArgs{
		CidrBlock:          pulumi.String(b.args.CIDR),
		EnableDnsSupport:   pulumi.Bool(true),
		EnableDnsHostnames: pulumi.Bool(true), // private names of VPC endpoints need it
		Tags:               tags(name),
		// A refresh finds the IPv6 block here, too.
	}, b.in, pulumi.IgnoreChanges([]string{"assignGeneratedIpv6CidrBlock"})); err != nil {
		return err
	}
	// A resource of its own, and no property of the VPC: so it goes after the
	// subnets have let go of it.
	if b.args.IPv6 {
		if b.ipv6, err = ec2.NewVpcIpv6CidrBlockAssociation(b.ctx, b.name+"-ipv6", &ec2.VpcIpv6CidrBlockAssociationArgs{
			VpcId:                        b.vpc.ID(),
			AssignGeneratedIpv6CidrBlock: pulumi.Bool(true),
		}, b.in); err != nil {
			return err
		}
	}
	// Adopted so that it loses the rules that AWS gives it: whoever forgets to name
	// a security group gets one that lets nothing through.
	name = b.name + "-default-sg"
	_, err = ec2.NewDefaultSecurityGroup(b.ctx, name, &ec2.DefaultSecurityGroupArgs{
		VpcId: b.vpc.ID(),
		Tags:  tags(name),
	}, b.in)
	return err
}

// ipv6Block is the VPC's IPv6 block, "" without IPv6.
func (b *builder) ipv6Block() pulumi.StringOutput {
	if b.ipv6 == nil {
		return pulumi.String("").ToStringOutput()
	}
	return b.ipv6.Ipv6CidrBlock
}

// ipv6Part is a part of the VPC's IPv6 block.
func (b *builder) ipv6Part(number, bits int) pulumi.StringOutput {
	return b.ipv6Block().ApplyT(func(block string) (string, error) { return ipv6Part(block, number, bits) }).(pulumi.StringOutput)
}

func (b *builder) makeSubnets() error {
	b.subnets = map[Tier]map[string]*ec2.Subnet{TierPublic: {}, TierPrivate: {}, TierData: {}, TierIntra: {}}
	for _, s := range planSubnets(b.args.prefix(), b.args.Zones, b.args.Intra) {
		name := fmt.Sprintf("%s-%s-%s", b.name, s.tier, s.zone)
		t := tags(name)
		t["tandem:tier"] = pulumi.String(s.tier)
		switch s.tier { // by these the load balancer controller and others find subnets
		case TierPublic:
			t["kubernetes.io/role/elb"] = pulumi.String("1")
		case TierPrivate:
			t["kubernetes.io/role/internal-elb"] = pulumi.String("1")
		}
		args := &ec2.SubnetArgs{
			VpcId:            b.vpc.ID(),
			AvailabilityZone: pulumi.String(s.zone),
			CidrBlock:        pulumi.String(s.cidr.String()),
			Tags:             t,
		}
		if b.args.IPv6 {
			args.Ipv6CidrBlock = b.ipv6Part(s.number, 64)
			args.AssignIpv6AddressOnCreation = pulumi.Bool(s.tier == TierPublic || s.tier == TierPrivate)
		}
		subnet, err := ec2.NewSubnet(b.ctx, name, args, b.in)
		if err != nil {
			return err
		}
		b.subnets[s.tier][s.zone] = subnet
	}
	return nil
}

// routeTable makes a route table and associates a tier's subnets with it.
func (b *builder) routeTable(name string, t Tier, zones ...string) (*ec2.RouteTable, error) {
	table, err := ec2.NewRouteTable(b.ctx, name, &ec2.RouteTableArgs{VpcId: b.vpc.ID(), Tags: tags(name)}, b.in)
	if err != nil {
		return nil, err
	}
	b.tables = append(b.tables, table.ID())
	for _, zone := range zones {
		association, err := ec2.NewRouteTableAssociation(b.ctx, fmt.Sprintf("%s-%s-%s", b.name, t, zone), &ec2.RouteTableAssociationArgs{
			RouteTableId: table.ID(),
			SubnetId:     b.subnets[t][zone].ID(),
		}, b.in)
		if err != nil {
			return nil, err
		}
		b.needs(association, t)
	}
	return table, nil
}

// route makes one route of a tier.
func (b *builder) route(t Tier, suffix string, args *ec2.RouteArgs) error {
	route, err := ec2.NewRoute(b.ctx, b.name+"-"+suffix, args, b.in)
	if err != nil {
		return err
	}
	b.needs(route, t)
	return nil
}

func (b *builder) routePublic() (err error) {
	name := b.name + "-igw"
	if b.gateway, err = ec2.NewInternetGateway(b.ctx, name, &ec2.InternetGatewayArgs{VpcId: b.vpc.ID(), Tags: tags(name)}, b.in); err != nil {
		return err
	}
	table, err := b.routeTable(b.name+"-public", TierPublic, b.args.Zones...)
	if err != nil {
		return err
	}
	if err := b.route(TierPublic, "public-internet", &ec2.RouteArgs{
		RouteTableId:         table.ID(),
		DestinationCidrBlock: pulumi.String("0.0.0.0/0"),
		GatewayId:            b.gateway.ID(),
	}); err != nil || !b.args.IPv6 {
		return err
	}
	return b.route(TierPublic, "public-internet-ipv6", &ec2.RouteArgs{
		RouteTableId:             table.ID(),
		DestinationIpv6CidrBlock: pulumi.String("::/0"),
		GatewayId:                b.gateway.ID(),
	})
}

// privateTable names the route table of a zone's private subnet.
func privateTable(zone string) string { return fmt.Sprintf("%s-%s", TierPrivate, zone) }

// routePrivate gives every zone a private route table of its own, in every NAT
// mode, so that a change of mode changes routes and never tables.
func (b *builder) routePrivate() error {
	b.private = map[string]*ec2.RouteTable{}
	b.inner = map[string]pulumi.StringOutput{}
	for _, zone := range b.args.Zones {
		suffix := privateTable(zone)
		table, err := b.routeTable(b.name+"-"+suffix, TierPrivate, zone)
		if err != nil {
			return err
		}
		b.private[zone] = table
		b.inner[suffix] = table.ID().ToStringOutput()
	}
	if err := b.makeNATGateways(); err != nil {
		return err
	}
	for _, zone := range b.args.Zones {
		gateway := b.gateways[zone]
		if b.args.NAT == NATSingle {
			gateway = b.gateways[b.args.natZones()[0]]
		}
		if gateway == nil {
			continue
		}
		if err := b.route(TierPrivate, fmt.Sprintf("private-%s-nat", zone), &ec2.RouteArgs{
			RouteTableId:         b.private[zone].ID(),
			DestinationCidrBlock: pulumi.String("0.0.0.0/0"),
			NatGatewayId:         gateway.ID(),
		}); err != nil {
			return err
		}
	}
	return b.routePrivateIPv6()
}

// routePrivateIPv6 leads private subnets out over IPv6, where addresses need no
// translation, and lets nobody in.
func (b *builder) routePrivateIPv6() error {
	if !b.args.IPv6 || b.args.NAT == NATNone {
		return nil
	}
	name := b.name + "-eigw"
	gateway, err := ec2.NewEgressOnlyInternetGateway(b.ctx, name, &ec2.EgressOnlyInternetGatewayArgs{
		VpcId: b.ipv6.VpcId, // once it has its block
		Tags:  tags(name),
	}, b.in)
	if err != nil {
		return err
	}
	for _, zone := range b.args.Zones {
		if err := b.route(TierPrivate, fmt.Sprintf("private-%s-ipv6", zone), &ec2.RouteArgs{
			RouteTableId:             b.private[zone].ID(),
			DestinationIpv6CidrBlock: pulumi.String("::/0"),
			EgressOnlyGatewayId:      gateway.ID(),
		}); err != nil {
			return err
		}
	}
	return nil
}

// routeInner gives each tier that has no route out one table for all zones.
func (b *builder) routeInner() error {
	for _, t := range []Tier{TierData, TierIntra} {
		if len(b.subnets[t]) == 0 {
			continue
		}
		table, err := b.routeTable(fmt.Sprintf("%s-%s", b.name, t), t, b.args.Zones...)
		if err != nil {
			return err
		}
		b.inner[string(t)] = table.ID().ToStringOutput()
	}
	return nil
}

// makeNATGateways makes the NAT gateways of the chosen mode.
func (b *builder) makeNATGateways() error {
	b.gateways = map[string]*ec2.NatGateway{}
	for _, zone := range b.args.natZones() {
		name := fmt.Sprintf("%s-nat-%s", b.name, zone)
		address, err := ec2.NewEip(b.ctx, name, &ec2.EipArgs{Domain: pulumi.String("vpc"), Tags: tags(name)}, b.in)
		if err != nil {
			return err
		}
		// A NAT gateway needs the internet gateway, which no input of it names.
		b.gateways[zone], err = ec2.NewNatGateway(b.ctx, name, &ec2.NatGatewayArgs{
			AllocationId: address.ID(),
			SubnetId:     b.subnets[TierPublic][zone].ID(),
			Tags:         tags(name),
		}, b.in, pulumi.DependsOn([]pulumi.Resource{b.gateway}))
		if err != nil {
			return err
		}
	}
	return nil
}
