// Package transit joins the networks of two regions by AWS Transit Gateway.
//
// A [Transit] is one region's gateway, with the region's VPC attached to it. In
// home it is no more than that. In a standby it also owns all that joins the two:
// the peering, its acceptance in home's region, and the routes both ways, in both
// gateways and both VPCs. So home does not refer to its standbys, and one can be
// added or taken away without a change in home's stack.
package transit

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Transit is a region's transit gateway and, in a standby, its link with home's.
type Transit struct {
	pulumi.ResourceState

	// TransitGatewayID is the gateway, known once the VPC is attached to it.
	TransitGatewayID pulumi.StringOutput `pulumi:"transitGatewayId"`
	// TransitRouteTableID is the gateway's route table, known at the same time.
	TransitRouteTableID pulumi.StringOutput `pulumi:"transitRouteTableId"`
}

// NewTransit makes a transit gateway. Bad arguments are reported all at once,
// before anything is registered.
func NewTransit(ctx *pulumi.Context, name string, args *TransitArgs, opts ...pulumi.ResourceOption) (*Transit, error) {
	if err := args.Validate(name); err != nil {
		return nil, err
	}
	t := &Transit{}
	inputs := pulumi.Map{"region": pulumi.String(args.Region), "asn": pulumi.Int(args.ASN), "cidr": pulumi.String(args.CIDR)}
	if args.Home != nil {
		inputs["homeRegion"] = pulumi.String(args.Home.Region)
	}
	if err := ctx.RegisterComponentResourceV2("tandem:index:Transit", name, inputs, t, opts...); err != nil {
		return nil, err
	}
	b := &builder{ctx: ctx, name: name, args: args, in: pulumi.Parent(t)}
	steps := []func() error{b.makeGateway, b.attachVPC}
	if args.Home != nil {
		steps = append(steps, b.peer, b.routeHere, b.routeThere)
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return nil, err
		}
	}
	// Until the VPC is attached, AWS takes no route to the gateway in its tables.
	t.TransitGatewayID = b.attachment.TransitGatewayId
	t.TransitRouteTableID = b.association.TransitGatewayRouteTableId
	return t, ctx.RegisterResourceOutputs(t, pulumi.Map{
		"transitGatewayId":    t.TransitGatewayID,
		"transitRouteTableId": t.TransitRouteTableID,
	})
}
