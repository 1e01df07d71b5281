package transit

import (
	"fmt"
	"maps"
	"net/netip"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/tandem-platform/tandem/internal/check"
)

// TransitArgs are the arguments of a [Transit].
type TransitArgs struct {
	// Region is the AWS region of the component's own provider, such as us-east-1.
	// Required.
	Region string
	// ASN is the private autonomous system number of the gateway: 64512 to 65534, or
	// 4200000000 to 4294967294. Every region has one of its own. Required; a change
	// replaces the gateway.
	ASN int
	// VPCID is the VPC to attach. Required.
	VPCID pulumi.StringInput
	// CIDR is the VPC's IPv4 block. Required.
	CIDR string
	// SubnetIDs are the subnets that the attachment lives in, one in every zone that
	// is to be reached. Required.
	SubnetIDs pulumi.StringArrayInput
	// RouteTableIDs are the VPC's route tables that get routes to other regions, by a
	// name for each that stays; the names become part of resource names. Required.
	RouteTableIDs map[string]pulumi.StringInput
	// Home is what a standby takes from home. Nil makes this component home.
	Home *HomeInputs
}

// HomeInputs is what a standby takes from home: outputs of home's [Transit] and
// network, unknown in a preview that runs before home exists. All are required.
type HomeInputs struct {
	// Region is home's AWS region.
	Region string
	// Provider is the standby's AWS provider for home's region.
	Provider pulumi.ProviderResource
	// ASN is the number of home's gateway.
	ASN int
	// CIDR is the IPv4 block of home's VPC.
	CIDR string
	// TransitGatewayID is home's gateway.
	TransitGatewayID pulumi.StringInput
	// TransitRouteTableID is the route table of home's gateway.
	TransitRouteTableID pulumi.StringInput
	// RouteTableIDs are the route tables of home's VPC that get routes to this
	// region, by a name for each that stays. The names have to be known.
	RouteTableIDs map[string]pulumi.StringInput
}

// Validate returns every problem of the arguments in one error, or nil.
func (a *TransitArgs) Validate(name string) error {
	if a == nil {
		a = &TransitArgs{}
	}
	root := (*field.Path)(nil)
	errs := validateRegion(root.Child("region"), a.Region)
	errs = append(errs, ValidateASN(root.Child("asn"), a.ASN)...)
	errs = append(errs, validateBlock(root.Child("cidr"), a.CIDR)...)
	if a.VPCID == nil {
		errs = append(errs, field.Required(root.Child("vpcId"), "give the VPC to attach"))
	}
	if a.SubnetIDs == nil {
		errs = append(errs, field.Required(root.Child("subnetIds"), "give a subnet in every zone that is to be reached"))
	}
	errs = append(errs, validateTables(root.Child("routeTableIds"), a.RouteTableIDs)...)
	if a.Home != nil {
		errs = append(errs, a.Home.validate(root.Child("home"), a)...)
	}
	return check.Error("transit \""+name+"\"", errs)
}

func (h *HomeInputs) validate(path *field.Path, a *TransitArgs) field.ErrorList {
	errs := validateRegion(path.Child("region"), h.Region)
	if h.Region != "" && h.Region == a.Region {
		errs = append(errs, field.Invalid(path.Child("region"), h.Region, "must differ from the component's own; within a region, attach both VPCs to one gateway"))
	}
	errs = append(errs, ValidateASN(path.Child("asn"), h.ASN)...)
	if h.ASN != 0 && h.ASN == a.ASN {
		errs = append(errs, field.Invalid(path.Child("asn"), h.ASN, "must differ from the component's own; give every region one"))
	}
	errs = append(errs, validateBlock(path.Child("cidr"), h.CIDR)...)
	own, errOwn := netip.ParsePrefix(a.CIDR)
	if p, err := netip.ParsePrefix(h.CIDR); err == nil && errOwn == nil && p.Overlaps(own) {
		errs = append(errs, field.Invalid(path.Child("cidr"), h.CIDR, fmt.Sprintf("must not overlap the component's own, %s", own)))
	}
	for _, in := range []struct {
		name  string
		given bool
	}{{"provider", h.Provider != nil}, {"transitGatewayId", h.TransitGatewayID != nil}, {"transitRouteTableId", h.TransitRouteTableID != nil}} {
		if !in.given {
			errs = append(errs, field.Required(path.Child(in.name), "give the value of the home region"))
		}
	}
	return append(errs, validateTables(path.Child("routeTableIds"), h.RouteTableIDs)...)
}

func validateRegion(path *field.Path, region string) field.ErrorList {
	if !check.IsRegion(region) {
		return field.ErrorList{field.Invalid(path, region, "must be an AWS region, such as us-east-1")}
	}
	return nil
}

// ValidateASN returns what is wrong with an autonomous system number for a
// transit gateway: it has to be a private one (RFC 6996).
func ValidateASN(path *field.Path, asn int) field.ErrorList {
	if (asn < 64512 || asn > 65534) && (asn < 4200000000 || asn > 4294967294) {
		return field.ErrorList{field.Invalid(path, asn, "must be a private number: 64512 to 65534, or 4200000000 to 4294967294")}
	}
	return nil
}

func validateBlock(path *field.Path, cidr string) field.ErrorList {
	if p, err := netip.ParsePrefix(cidr); err != nil || !p.Addr().Is4() || p.Masked() != p {
		return field.ErrorList{field.Invalid(path, cidr, "must be an IPv4 block in CIDR notation, such as 10.0.0.0/16")}
	}
	return nil
}

func validateTables(path *field.Path, tables map[string]pulumi.StringInput) field.ErrorList {
	if len(tables) == 0 {
		return field.ErrorList{field.Required(path, "give the route tables of the private and data subnets")}
	}
	var errs field.ErrorList
	for _, key := range slices.Sorted(maps.Keys(tables)) {
		if tables[key] == nil {
			errs = append(errs, field.Required(path.Key(key), "give the id of a route table"))
		}
	}
	return errs
}
