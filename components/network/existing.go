package network

import (
	"fmt"
	"maps"
	"net/netip"
	"regexp"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/tandem-platform/tandem/internal/check"
)

// ExistingNetworkArgs describe a VPC that was made elsewhere. Ids may come from
// other resources or from another stack; those that are given as text are checked
// for their form.
type ExistingNetworkArgs struct {
	// VPCID is the VPC's id. Required.
	VPCID pulumi.StringInput
	// CIDR is the VPC's IPv4 block, of any size that AWS allows: /16 to /28. Required.
	CIDR string
	// IPv6CIDR is the VPC's IPv6 block. Default none.
	IPv6CIDR pulumi.StringInput
	// SubnetIDs are the subnets by tier and zone. The public, the private and the data
	// tier are required, over two to six zones of one region, the same in each; the
	// intra tier may be left out. What the subnets are routed to is not looked at.
	SubnetIDs map[Tier]map[string]pulumi.StringInput
	// PublicCIDRs are the IPv4 blocks of the public subnets, from which load balancers
	// reach their targets. Default: the VPC's block, as nothing narrower is known.
	PublicCIDRs []string
	// RouteTableIDs are the route tables of the private, data and intra tiers, by a
	// name of your own for each: a peer's network is routed in these. Required where
	// regions are joined by a transit gateway.
	RouteTableIDs map[string]pulumi.StringInput
	// NATGatewayIDs are the NAT gateways to watch, by zone. Default none.
	NATGatewayIDs map[string]pulumi.StringInput
}

// idForms are the forms of the ids of EC2.
var idForms = map[string]*regexp.Regexp{
	"vpc": regexp.MustCompile(`^vpc-[0-9a-f]{8,17}$`), "subnet": regexp.MustCompile(`^subnet-[0-9a-f]{8,17}$`),
	"rtb": regexp.MustCompile(`^rtb-[0-9a-f]{8,17}$`), "nat": regexp.MustCompile(`^nat-[0-9a-f]{8,17}$`),
}

// validateID checks an id that is given as text.
func validateID(path *field.Path, kind string, id pulumi.StringInput) field.ErrorList {
	text, ok := id.(pulumi.String)
	switch {
	case id == nil || ok && text == "":
		return field.ErrorList{field.Required(path, fmt.Sprintf("give an id such as %s-0123456789abcdef0", kind))}
	case ok && !idForms[kind].MatchString(string(text)):
		return field.ErrorList{field.Invalid(path, string(text), fmt.Sprintf("must be an id such as %s-0123456789abcdef0", kind))}
	}
	return nil
}

// Zones are the zones of the private tier, sorted.
func (a *ExistingNetworkArgs) Zones() []string {
	return slices.Sorted(maps.Keys(a.SubnetIDs[TierPrivate]))
}

// Validate returns every problem of the arguments in one error, or nil.
func (a *ExistingNetworkArgs) Validate(name string) error {
	if a == nil {
		a = &ExistingNetworkArgs{}
	}
	root := (*field.Path)(nil)
	errs := validateID(root.Child("vpcId"), "vpc", a.VPCID)
	errs = append(errs, validateBlock(root.Child("cidr"), a.CIDR, 16, 28, "the VPC", "10.0.0.0/16")...)
	for i, cidr := range a.PublicCIDRs {
		p, err := netip.ParsePrefix(cidr)
		vpc, errVPC := netip.ParsePrefix(a.CIDR)
		if err != nil || errVPC == nil && !vpc.Contains(p.Addr()) {
			errs = append(errs, field.Invalid(root.Child("publicCidrs").Index(i), cidr, "must be an IPv4 block within the VPC's"))
		}
	}
	subnets := root.Child("subnetIds")
	for _, t := range slices.Sorted(maps.Keys(a.SubnetIDs)) {
		if !slices.Contains(tiers, t) {
			errs = append(errs, field.NotSupported(subnets.Key(string(t)), t, tiers))
		}
	}
	zones := a.Zones()
	errs = append(errs, ValidateZones(subnets.Key(string(TierPrivate)), zones, "")...)
	for _, t := range tiers {
		of := a.SubnetIDs[t]
		if len(of) == 0 && t == TierIntra {
			continue
		}
		if own := slices.Sorted(maps.Keys(of)); !slices.Equal(own, zones) {
			errs = append(errs, field.Invalid(subnets.Key(string(t)), own, fmt.Sprintf("must have a subnet in each of the zones of the private tier: %v", zones)))
		}
		for _, zone := range slices.Sorted(maps.Keys(of)) {
			errs = append(errs, validateID(subnets.Key(string(t)).Key(zone), "subnet", of[zone])...)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(a.RouteTableIDs)) {
		errs = append(errs, validateID(root.Child("routeTableIds").Key(key), "rtb", a.RouteTableIDs[key])...)
	}
	for _, zone := range slices.Sorted(maps.Keys(a.NATGatewayIDs)) {
		at := root.Child("natGatewayIds").Key(zone)
		if !slices.Contains(zones, zone) {
			errs = append(errs, field.NotSupported(at, zone, zones))
		}
		errs = append(errs, validateID(at, "nat", a.NATGatewayIDs[zone])...)
	}
	return check.Error("network \""+name+"\"", errs)
}

// NewExistingNetwork stands for a VPC that was made elsewhere: it makes nothing,
// and has the outputs that a [Network] of its own making would have. Bad arguments
// are reported all at once, before it is registered.
func NewExistingNetwork(ctx *pulumi.Context, name string, args *ExistingNetworkArgs, opts ...pulumi.ResourceOption) (*Network, error) {
	if err := args.Validate(name); err != nil {
		return nil, err
	}
	zones := args.Zones()
	n := &Network{}
	inputs := pulumi.Map{"existingVpcId": args.VPCID, "cidr": pulumi.String(args.CIDR), "zones": pulumi.ToStringArray(zones)}
	if err := ctx.RegisterComponentResourceV2("tandem:index:Network", name, inputs, n, opts...); err != nil {
		return nil, err
	}
	subnets := func(t Tier) pulumi.StringArrayOutput {
		ids := pulumi.StringArray{}
		for _, zone := range zones {
			if id := args.SubnetIDs[t][zone]; id != nil {
				ids = append(ids, id)
			}
		}
		return ids.ToStringArrayOutput()
	}
	n.VPCID = args.VPCID.ToStringOutput().ApplyT(func(id string) pulumi.ID { return pulumi.ID(id) }).(pulumi.IDOutput)
	n.CIDRBlock = pulumi.String(args.CIDR).ToStringOutput()
	n.IPv6CIDRBlock = pulumi.String("").ToStringOutput()
	if args.IPv6CIDR != nil {
		n.IPv6CIDRBlock = args.IPv6CIDR.ToStringOutput()
	}
	n.Zones = pulumi.ToStringArray(zones).ToStringArrayOutput()
	n.PublicSubnetIDs = subnets(TierPublic)
	n.PublicCIDRBlocks = pulumi.ToStringArray(args.PublicCIDRs).ToStringArrayOutput()
	if len(args.PublicCIDRs) == 0 {
		n.PublicCIDRBlocks = pulumi.StringArray{n.CIDRBlock}.ToStringArrayOutput()
	}
	n.PrivateSubnetIDs = subnets(TierPrivate)
	n.DataSubnetIDs = subnets(TierData)
	n.IntraSubnetIDs = subnets(TierIntra)
	n.NATGatewayIDs = outputs(args.NATGatewayIDs)
	n.RouteTableIDs = outputs(args.RouteTableIDs)
	return n, n.register(ctx)
}

func outputs(ids map[string]pulumi.StringInput) map[string]pulumi.StringOutput {
	all := map[string]pulumi.StringOutput{}
	for key, id := range ids {
		all[key] = id.ToStringOutput()
	}
	return all
}
