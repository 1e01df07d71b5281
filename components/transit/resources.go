package transit

import (
	"maps"
	"slices"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2transitgateway"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// builder makes the children of one Transit, step by step.
type builder struct {
	ctx  *pulumi.Context
	name string
	args *TransitArgs
	in   pulumi.ResourceOption // the parent of every child

	gateway     *ec2transitgateway.TransitGateway
	table       *ec2transitgateway.RouteTable
	attachment  *ec2transitgateway.VpcAttachment
	association *ec2transitgateway.RouteTableAssociation
	peering     *ec2transitgateway.PeeringAttachment
	accepted    *ec2transitgateway.PeeringAttachmentAccepter
}

// tags names what has no name of its own, for the console's lists.
func tags(name string) pulumi.StringMap { return pulumi.StringMap{"Name": pulumi.String(name)} }

// abroad is a child in home's region.
func (b *builder) abroad() pulumi.ResourceOption {
	return pulumi.Composite(b.in, pulumi.Provider(b.args.Home.Provider))
}

func (b *builder) makeGateway() (err error) {
	if b.gateway, err = ec2transitgateway.NewTransitGateway(b.ctx, b.name, &ec2transitgateway.TransitGatewayArgs{
		Description:   pulumi.String("Joins the network of " + b.args.Region + " to those of other regions"),
		AmazonSideAsn: pulumi.Int(b.args.ASN),
		// Nothing is reached that is not routed by name: no attachment joins by itself.
		AutoAcceptSharedAttachments:  pulumi.String("disable"),
		DefaultRouteTableAssociation: pulumi.String("disable"),
		DefaultRouteTablePropagation: pulumi.String("disable"),
		DnsSupport:                   pulumi.String("enable"),
		Tags:                         tags(b.name),
	}, b.in); err != nil {
		return err
	}
	b.table, err = ec2transitgateway.NewRouteTable(b.ctx, b.name, &ec2transitgateway.RouteTableArgs{
		TransitGatewayId: b.gateway.ID(),
		Tags:             tags(b.name),
	}, b.in)
	return err
}

func (b *builder) attachVPC() (err error) {
	name := b.name + "-vpc"
	if b.attachment, err = ec2transitgateway.NewVpcAttachment(b.ctx, name, &ec2transitgateway.VpcAttachmentArgs{
		TransitGatewayId: b.gateway.ID(),
		VpcId:            b.args.VPCID,
		SubnetIds:        b.args.SubnetIDs,
		TransitGatewayDefaultRouteTableAssociation: pulumi.Bool(false),
		TransitGatewayDefaultRouteTablePropagation: pulumi.Bool(false),
		Tags: tags(name),
	}, b.in); err != nil {
		return err
	}
	if b.association, err = ec2transitgateway.NewRouteTableAssociation(b.ctx, name, &ec2transitgateway.RouteTableAssociationArgs{
		TransitGatewayAttachmentId: b.attachment.ID(),
		TransitGatewayRouteTableId: b.table.ID(),
	}, b.in); err != nil {
		return err
	}
	_, err = ec2transitgateway.NewRouteTablePropagation(b.ctx, name, &ec2transitgateway.RouteTablePropagationArgs{
		TransitGatewayAttachmentId: b.attachment.ID(),
		TransitGatewayRouteTableId: b.table.ID(),
	}, b.in)
	return err
}

// peer joins the two gateways: asked for here, accepted in home's region.
func (b *builder) peer() (err error) {
	home := b.args.Home
	name := b.name + "-" + home.Region
	if b.peering, err = ec2transitgateway.NewPeeringAttachment(b.ctx, name, &ec2transitgateway.PeeringAttachmentArgs{
		TransitGatewayId:     b.gateway.ID(),
		PeerRegion:           pulumi.String(home.Region),
		PeerTransitGatewayId: home.TransitGatewayID,
		Tags:                 tags(name),
	}, b.in); err != nil {
		return err
	}
	b.accepted, err = ec2transitgateway.NewPeeringAttachmentAccepter(b.ctx, name, &ec2transitgateway.PeeringAttachmentAccepterArgs{
		TransitGatewayAttachmentId: b.peering.ID(),
		Tags:                       tags(name),
	}, b.abroad())
	return err
}

// routeHere leads from this region to home's. A peering carries no routes by
// itself, so they are static.
func (b *builder) routeHere() error {
	home := b.args.Home
	name := b.name + "-" + home.Region
	if err := b.routeTransit(name, b.table.ID(), home.CIDR, b.in); err != nil {
		return err
	}
	return b.routeVPC(name, b.args.RouteTableIDs, home.CIDR, b.attachment.TransitGatewayId, b.in)
}

// routeThere leads from home's region to this one.
func (b *builder) routeThere() error {
	home := b.args.Home
	name := b.name + "-from-" + home.Region
	if err := b.routeTransit(name, home.TransitRouteTableID, b.args.CIDR, b.abroad()); err != nil {
		return err
	}
	return b.routeVPC(name, home.RouteTableIDs, b.args.CIDR, home.TransitGatewayID, b.abroad())
}

// routeTransit has a gateway send what is for the other region through the
// peering, and take what comes from it.
func (b *builder) routeTransit(name string, table pulumi.StringInput, to string, in pulumi.ResourceOption) error {
	// By its acceptance: until then AWS refuses both.
	peering := b.accepted.TransitGatewayAttachmentId
	if _, err := ec2transitgateway.NewRouteTableAssociation(b.ctx, name, &ec2transitgateway.RouteTableAssociationArgs{
		TransitGatewayAttachmentId: peering,
		TransitGatewayRouteTableId: table,
	}, in); err != nil {
		return err
	}
	_, err := ec2transitgateway.NewRoute(b.ctx, name, &ec2transitgateway.RouteArgs{
		DestinationCidrBlock:       pulumi.String(to),
		TransitGatewayAttachmentId: peering,
		TransitGatewayRouteTableId: table,
	}, in)
	return err
}

// routeVPC sends what is for the other region from a VPC's subnets to the gateway.
func (b *builder) routeVPC(name string, tables map[string]pulumi.StringInput, to string, gateway pulumi.StringInput, in pulumi.ResourceOption) error {
	for _, key := range slices.Sorted(maps.Keys(tables)) {
		if _, err := ec2.NewRoute(b.ctx, name+"-"+key, &ec2.RouteArgs{
			RouteTableId:         tables[key],
			DestinationCidrBlock: pulumi.String(to),
			TransitGatewayId:     gateway,
		}, in); err != nil {
			return err
		}
	}
	return nil
}
