package network

import (
	"cmp"
	"net/netip"
	"slices"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/tandem-platform/tandem/internal/check"
)

// NATMode says how private subnets reach the internet.
type NATMode string

const (
	// NATPerZone gives every zone a NAT gateway of its own: losing a zone takes
	// nobody else's way out. The default.
	NATPerZone NATMode = "per-zone"
	// NATSingle shares one NAT gateway, in the first zone by name. It costs a third
	// and the loss of that zone cuts every private subnet off the internet.
	NATSingle NATMode = "single"
	// NATNone gives private subnets no way out; everything they need has to come
	// through VPC endpoints.
	NATNone NATMode = "none"
)

// NetworkArgs are the arguments of a [Network].
type NetworkArgs struct {
	// CIDR is the VPC's IPv4 block, a private one with a prefix length of 16 to
	// 20. Required; a change replaces the VPC.
	CIDR string
	// Zones are the availability zones to use, two to six of one region. A zone's
	// subnets have their addresses from the zone's letter, so adding a zone
	// changes nothing that exists. The order has no meaning. Required.
	Zones []string
	// NAT says how private subnets reach the internet. Default [NATPerZone].
	NAT NATMode
	// FlowLogRetentionDays is how long the VPC's flow logs are kept, in days: one
	// of the periods that CloudWatch Logs knows. Default (zero) 90.
	FlowLogRetentionDays int
}

func (a *NetworkArgs) withDefaults() *NetworkArgs {
	d := NetworkArgs{}
	if a != nil {
		d = *a
	}
	d.Zones = slices.Clone(d.Zones)
	d.NAT = cmp.Or(d.NAT, NATPerZone)
	d.FlowLogRetentionDays = cmp.Or(d.FlowLogRetentionDays, 90)
	return &d
}

// Validate returns every problem of the arguments in one error, or nil. It fills
// in defaults first, so it can be asked before a component is made.
func (a *NetworkArgs) Validate(name string) error {
	a = a.withDefaults()
	root := (*field.Path)(nil)
	errs := ValidateCIDR(root.Child("cidr"), a.CIDR)
	errs = append(errs, ValidateZones(root.Child("zones"), a.Zones, "")...)
	if modes := []NATMode{NATPerZone, NATSingle, NATNone}; !slices.Contains(modes, a.NAT) {
		errs = append(errs, field.NotSupported(root.Child("nat"), a.NAT, modes))
	}
	errs = append(errs, check.LogRetention(root.Child("flowLogRetentionDays"), a.FlowLogRetentionDays)...)
	return check.Error("network \""+name+"\"", errs)
}

// region is the region that the zones are in.
func (a *NetworkArgs) region() string { return zoneName.FindStringSubmatch(a.Zones[0])[1] }

// prefix is the VPC's block; the arguments have been validated.
func (a *NetworkArgs) prefix() netip.Prefix { return netip.MustParsePrefix(a.CIDR) }
