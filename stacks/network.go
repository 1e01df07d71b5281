package main

import (
	"fmt"
	"maps"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/tandem-platform/tandem/components/network"
	"github.com/tandem-platform/tandem/components/transit"
	"github.com/tandem-platform/tandem/stacks/contract"
	"github.com/tandem-platform/tandem/stacks/platform"
)

func (r *region) makeNetwork() (err error) {
	if r.Own().VPC != nil {
		r.network, err = network.NewExistingNetwork(r.ctx, r.Stack, r.existingNetworkArgs(), pulumi.Providers(r.own))
		return err
	}
	r.network, err = network.NewNetwork(r.ctx, r.Stack, r.networkArgs(r.Stack), pulumi.Providers(r.own))
	return err
}

// networkArgs are the arguments of the network of a stack.
func (r *region) networkArgs(stack string) *network.NetworkArgs {
	of := r.Regions[stack]
	args := &network.NetworkArgs{
		CIDR:    of.CIDR,
		Zones:   of.Zones,
		Intra:   r.Network.Intra,
		IPv6:    r.Network.IPv6,
		NAT:     network.NATMode(r.Network.NAT),
		NATZone: of.NATZone,
		Endpoints: network.Endpoints{
			Interface:         r.Network.Endpoints.Interface,
			TrustedAccountIDs: r.Network.Endpoints.TrustedAccountIDs,
		},
		FlowLogs: network.FlowLogs{
			Destination:     network.FlowLogDestination(r.Network.FlowLogs.Destination),
			RetentionDays:   r.Network.FlowLogs.RetentionDays,
			IntervalSeconds: r.Network.FlowLogs.IntervalSeconds,
			Format:          r.Network.FlowLogs.Format,
		},
		AllowDestroy: r.AllowDestroy,
	}
	if of.Endpoints != nil {
		args.Endpoints.Interface = of.Endpoints
	}
	if r.Network.FlowLogs.BucketARN != "" {
		args.FlowLogs.BucketARN = pulumi.String(r.Network.FlowLogs.BucketARN)
	}
	for _, peer := range r.peers(stack) {
		args.PeerCIDRs = append(args.PeerCIDRs, r.Regions[peer].CIDR)
	}
	return args
}

// peers are the stacks whose networks are joined to that of a stack: home's to
// those of all standbys that have a transit gateway, and each of theirs to home's.
func (r *region) peers(stack string) []string {
	if r.Regions[stack].TransitGatewayASN == 0 {
		return nil
	}
	if home := r.Regions[stack].StandbyOf; home != "" {
		return []string{home}
	}
	return slices.DeleteFunc(r.Standbys(), func(s string) bool { return r.Regions[s].TransitGatewayASN == 0 })
}

func (r *region) existingNetworkArgs() *network.ExistingNetworkArgs {
	vpc := r.Own().VPC
	return &network.ExistingNetworkArgs{
		VPCID: pulumi.String(vpc.ID),
		CIDR:  r.Own().CIDR,
		SubnetIDs: map[network.Tier]map[string]pulumi.StringInput{
			network.TierPublic:  inputs(vpc.Public),
			network.TierPrivate: inputs(vpc.Private),
			network.TierData:    inputs(vpc.Data),
			network.TierIntra:   inputs(vpc.Intra),
		},
		RouteTableIDs: inputs(vpc.RouteTables),
		NATGatewayIDs: inputs(vpc.NATGateways),
	}
}

func inputs(values map[string]string) map[string]pulumi.StringInput {
	all := map[string]pulumi.StringInput{}
	for key, value := range values {
		all[key] = pulumi.String(value)
	}
	return all
}

// routeTableNames are the names of the route tables of a stack's network that
// lead to other regions.
func (r *region) routeTableNames(stack string) []string {
	if vpc := r.Regions[stack].VPC; vpc != nil {
		return slices.Sorted(maps.Keys(vpc.RouteTables))
	}
	return r.networkArgs(stack).RouteTableNames()
}

func (r *region) makeTransit() (err error) {
	if r.Own().TransitGatewayASN == 0 {
		return nil
	}
	r.transit, err = transit.NewTransit(r.ctx, r.Stack, r.transitArgs(), pulumi.Providers(r.own))
	return err
}

func (r *region) transitArgs() *transit.TransitArgs {
	args := &transit.TransitArgs{
		Region:        r.Own().Region,
		ASN:           r.Own().TransitGatewayASN,
		VPCID:         r.network.VPCID,
		CIDR:          r.Own().CIDR,
		SubnetIDs:     r.network.PrivateSubnetIDs,
		RouteTableIDs: map[string]pulumi.StringInput{},
	}
	if r.hasIntra() {
		args.SubnetIDs = r.network.IntraSubnetIDs
	}
	for name, id := range r.network.RouteTableIDs {
		args.RouteTableIDs[name] = id
	}
	home := r.Own().StandbyOf
	if home == "" {
		return args
	}
	args.Home = &transit.HomeInputs{
		Region:              r.Regions[home].Region,
		Provider:            r.others[home],
		ASN:                 r.Regions[home].TransitGatewayASN,
		CIDR:                r.Regions[home].CIDR,
		TransitGatewayID:    r.home.Get(func(c *contract.Contract) string { return c.Transit.TransitGatewayID }),
		TransitRouteTableID: r.home.Get(func(c *contract.Contract) string { return c.Transit.TransitRouteTableID }),
		RouteTableIDs:       map[string]pulumi.StringInput{},
	}
	for _, name := range r.routeTableNames(home) {
		args.Home.RouteTableIDs[name] = r.home.Get(func(c *contract.Contract) string { return c.Transit.RouteTableIDs[name] })
	}
	return args
}

// hasIntra tells whether this stack's network has subnets for attachments.
func (r *region) hasIntra() bool {
	if vpc := r.Own().VPC; vpc != nil {
		return len(vpc.Intra) > 0
	}
	return r.Network.Intra
}

// transitInputs are what home tells of its transit gateway, nil without one.
func (r *region) transitInputs() *contract.TransitInputs {
	if r.transit == nil {
		return nil
	}
	tables := pulumi.StringMap{}
	for name, id := range r.network.RouteTableIDs {
		tables[name] = id
	}
	return &contract.TransitInputs{
		TransitGatewayID:    r.transit.TransitGatewayID,
		TransitRouteTableID: r.transit.TransitRouteTableID,
		RouteTableIDs:       tables,
	}
}

// standInNetwork stands for the network in a validation that runs before it is
// made: only what names are there is of interest.
func (r *region) standInNetwork() *network.Network {
	n := &network.Network{RouteTableIDs: map[string]pulumi.StringOutput{}}
	for _, name := range r.routeTableNames(r.Stack) {
		n.RouteTableIDs[name] = pulumi.StringOutput{}
	}
	return n
}

// validateNetwork returns what is wrong with this stack's network and transit
// gateway, with the paths of the stack file.
func (r *region) validateNetwork() field.ErrorList {
	regions := platform.Root.Child("regions")
	own := regions.Key(r.Stack)
	vpc := own.Child("vpc")
	var errs field.ErrorList
	if r.Own().VPC == nil {
		moved := moves{"natZone": own.Child("natZone")}
		if r.Own().Endpoints != nil {
			moved["endpoints.interface"] = own.Child("endpoints")
		}
		// What the last arguments name is checked with the platform as a whole.
		errs = below(platform.Root.Child("network"), r.networkArgs(r.Stack).Validate(r.Stack), moved, "cidr", "zones", "peerCidrs")
	} else {
		args := r.existingNetworkArgs()
		errs = below(vpc, args.Validate(r.Stack), moves{
			"vpcId": vpc.Child("id"), "cidr": own.Child("cidr"), "routeTableIds": vpc.Child("routeTables"), "natGatewayIds": vpc.Child("natGateways"),
			"subnetIds[public]": vpc.Child("public"), "subnetIds[private]": vpc.Child("private"),
			"subnetIds[data]": vpc.Child("data"), "subnetIds[intra]": vpc.Child("intra"),
		})
		if zones := args.Zones(); len(zones) > 0 && !slices.Equal(zones, slices.Sorted(slices.Values(r.Own().Zones))) {
			errs = append(errs, field.Invalid(vpc.Child("private"), zones, fmt.Sprintf("must have a subnet in each of the region's zones: %v", r.Own().Zones)))
		}
	}
	if r.Own().TransitGatewayASN != 0 {
		moved := moves{"routeTableIds": vpc.Child("routeTables")}
		if home := r.Own().StandbyOf; home != "" {
			moved["home.routeTableIds"] = regions.Key(home).Child("vpc", "routeTables")
		}
		errs = append(errs, below(own, r.transitArgs().Validate(r.Stack), moved, "region", "asn", "cidr", "home.region", "home.asn", "home.cidr")...)
	}
	return errs
}
