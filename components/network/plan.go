package network

import (
	"fmt"
	"net/netip"
	"regexp"

	"k8s.io/apimachinery/pkg/util/validation/field"
)

// A tier is one kind of subnet; every zone has one subnet of each.
type tier string

const (
	tierPublic  tier = "public"  // routed to the internet gateway
	tierPrivate tier = "private" // routed out through NAT, where there is one
	tierData    tier = "data"    // no route out of the VPC
)

// subnet is one planned subnet.
type subnet struct {
	tier tier
	zone string
	cidr netip.Prefix
}

// zoneName splits an availability zone's name into region and letter. Local
// and wavelength zones, whose names are longer, are not availability zones.
var zoneName = regexp.MustCompile(`^([a-z]{2}(?:-[a-z]+)+-\d)([a-h])$`)

// zoneBits is how many bits of an address tell the zone. AWS has at most six
// availability zones in a region; three bits tell eight.
const zoneBits = 3

// planSubnets gives every zone its subnets.
//
// The VPC's block is cut into eight equal slots, and a zone owns the slot of
// its own letter, whatever other zones there are. So adding or removing a zone
// never moves another zone's subnets, which AWS could only replace. Within a
// slot the private subnet takes the first half (pods need most addresses); of
// the second half's four quarters, public takes the first and data the second,
// and two are left for tiers to come.
func planSubnets(vpc netip.Prefix, zones []string) []subnet {
	var plan []subnet
	for _, zone := range zones {
		letter := int(zoneName.FindStringSubmatch(zone)[2][0] - 'a')
		slot := child(vpc, zoneBits, letter)
		half := child(slot, 1, 1)
		plan = append(plan,
			subnet{tierPublic, zone, child(half, 2, 0)},
			subnet{tierPrivate, zone, child(slot, 1, 0)},
			subnet{tierData, zone, child(half, 2, 1)},
		)
	}
	return plan
}

// child returns the i-th of the 2^bits equal parts of an IPv4 prefix.
func child(p netip.Prefix, bits, i int) netip.Prefix {
	length := p.Bits() + bits
	a := p.Addr().As4()
	v := uint32(a[0])<<24 | uint32(a[1])<<16 | uint32(a[2])<<8 | uint32(a[3])
	v |= uint32(i) << (32 - length) //nolint:gosec // i < 2^bits
	return netip.PrefixFrom(netip.AddrFrom4([4]byte{byte(v >> 24), byte(v >> 16), byte(v >> 8), byte(v)}), length)
}

// ValidateCIDR returns what is wrong with an IPv4 block for a VPC: it has to be
// a network address in a private range (RFC 1918 or the shared range of RFC
// 6598) with a prefix length of 16 (the largest that AWS allows) to 20 (the
// smallest that leaves every zone's public subnet 64 addresses).
func ValidateCIDR(path *field.Path, cidr string) field.ErrorList {
	const example = "give one such as 10.0.0.0/16"
	if cidr == "" {
		return field.ErrorList{field.Required(path, "the VPC needs an IPv4 block; "+example)}
	}
	p, err := netip.ParsePrefix(cidr)
	if err != nil || !p.Addr().Is4() {
		return field.ErrorList{field.Invalid(path, cidr, "must be an IPv4 block in CIDR notation; "+example)}
	}
	var errs field.ErrorList
	if p.Masked() != p {
		errs = append(errs, field.Invalid(path, cidr, fmt.Sprintf("must be a network address; did you mean %s", p.Masked())))
	}
	if p.Bits() < 16 || p.Bits() > 20 {
		errs = append(errs, field.Invalid(path, cidr, "must have a prefix length of 16 to 20; "+example))
	}
	if !p.Addr().IsPrivate() && !netip.MustParsePrefix("100.64.0.0/10").Contains(p.Addr()) {
		errs = append(errs, field.Invalid(path, cidr,
			"must lie in 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 or 100.64.0.0/10; "+example))
	}
	return errs
}

// ValidateZones returns what is wrong with a list of availability zones: there
// must be two to six, all different and all of one region. Pass the region that
// they have to be in, or "" where the first zone decides it.
func ValidateZones(path *field.Path, zones []string, region string) field.ErrorList {
	if len(zones) == 0 {
		return field.ErrorList{field.Required(path, "give two to six availability zones, such as us-east-1a and us-east-1b")}
	}
	var errs field.ErrorList
	if len(zones) < 2 || len(zones) > 6 {
		errs = append(errs, field.Invalid(path, zones, "must name two to six availability zones; one zone cannot survive its loss"))
	}
	seen := map[string]bool{}
	for i, zone := range zones {
		at := path.Index(i)
		m := zoneName.FindStringSubmatch(zone)
		if m == nil {
			errs = append(errs, field.Invalid(at, zone, "must be the name of an availability zone, such as us-east-1a"))
			continue
		}
		if region == "" {
			region = m[1]
		}
		if m[1] != region {
			errs = append(errs, field.Invalid(at, zone, fmt.Sprintf("must be a zone of %s, such as %sa", region, region)))
		}
		if seen[zone] {
			errs = append(errs, field.Duplicate(at, zone))
		}
		seen[zone] = true
	}
	return errs
}
