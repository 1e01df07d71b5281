package network

import (
	"fmt"
	"net/netip"
	"regexp"

	"k8s.io/apimachinery/pkg/util/validation/field"
)

// Tier is one kind of subnet; every zone has one subnet of each.
type Tier string

const (
	// TierPublic is routed to the internet gateway.
	TierPublic Tier = "public"
	// TierPrivate is routed out through NAT, where there is one.
	TierPrivate Tier = "private"
	// TierData has no route out of the VPC.
	TierData Tier = "data"
	// TierIntra is for what other networks and services are attached by: it has no
	// route out of the VPC either. Made on request.
	TierIntra Tier = "intra"
)

// tiers are all tiers, in the order in which subnets are made.
var tiers = []Tier{TierPublic, TierPrivate, TierData, TierIntra}

// subnet is one planned subnet.
type subnet struct {
	tier Tier
	zone string
	cidr netip.Prefix
	// number is which /64 of the VPC's IPv6 block the subnet has.
	number int
}

// zoneName splits an availability zone's name into region and letter. Local
// and wavelength zones, whose names are longer, are not availability zones.
var zoneName = regexp.MustCompile(`^([a-z]{2}(?:-[a-z]+)+-\d)([a-h])$`)

// zoneBits is how many bits of an address tell the zone. AWS has at most six
// availability zones in a region; three bits tell eight.
const zoneBits = 3

// ipv6Tiers has each tier's quarter of the VPC's IPv6 block. A /56 has 256 subnets
// of /64, so a tier has 64, of which a zone has the one of its letter.
var ipv6Tiers = map[Tier]int{TierPrivate: 0, TierPublic: 1, TierData: 2, TierIntra: 3}

// ipv6PerTier is how many subnets of a /56 a quarter has.
const ipv6PerTier = 64

// planSubnets gives every zone its subnets.
//
// The VPC's block is cut into eight equal slots, and a zone owns the slot of
// its own letter, whatever other zones there are. So adding or removing a zone
// never moves another zone's subnets, which AWS could only replace. Within a
// slot the private subnet takes the first half (pods need most addresses); of
// the second half's four quarters, public, data and intra take one each, and
// one is left for a tier to come. The intra quarter is kept where it is not
// used, so that it can be used later.
func planSubnets(vpc netip.Prefix, zones []string, intra bool) []subnet {
	var plan []subnet
	for _, zone := range zones {
		letter := zoneLetter(zone)
		slot := child(vpc, zoneBits, letter)
		half := child(slot, 1, 1)
		add := func(t Tier, cidr netip.Prefix) {
			plan = append(plan, subnet{t, zone, cidr, ipv6Tiers[t]*ipv6PerTier + letter})
		}
		add(TierPublic, child(half, 2, 0))
		add(TierPrivate, child(slot, 1, 0))
		add(TierData, child(half, 2, 1))
		if intra {
			add(TierIntra, child(half, 2, 2))
		}
	}
	return plan
}

// zoneLetter counts the letter of a zone's name from zero.
func zoneLetter(zone string) int { return int(zoneName.FindStringSubmatch(zone)[2][0] - 'a') }

// child returns the i-th of the 2^bits equal parts of an IPv4 prefix.
func child(p netip.Prefix, bits, i int) netip.Prefix {
	length := p.Bits() + bits
	a := p.Addr().As4()
	v := uint32(a[0])<<24 | uint32(a[1])<<16 | uint32(a[2])<<8 | uint32(a[3])
	v |= uint32(i) << (32 - length) //nolint:gosec // i < 2^bits
	return netip.PrefixFrom(netip.AddrFrom4([4]byte{byte(v >> 24), byte(v >> 16), byte(v >> 8), byte(v)}), length)
}

// ipv6Part returns the part of the /56 that Amazon gives a VPC that begins at the
// numbered /64 and has a prefix length of bits.
func ipv6Part(block string, number, bits int) (string, error) {
	p, err := netip.ParsePrefix(block)
	if err != nil || !p.Addr().Is6() || p.Bits() != 56 {
		return "", fmt.Errorf("the VPC's IPv6 block is %q, which is no /56", block)
	}
	a := p.Masked().Addr().As16()
	a[7] = byte(number) //nolint:gosec // the eight bits between /56 and /64
	return netip.PrefixFrom(netip.AddrFrom16(a), bits).String(), nil
}

// ValidateCIDR returns what is wrong with an IPv4 block for a VPC: it has to be
// a network address in a private range (RFC 1918 or the shared range of RFC
// 6598) with a prefix length of 16 (the largest that AWS allows) to 20 (the
// smallest that leaves every zone's public subnet 64 addresses).
func ValidateCIDR(path *field.Path, cidr string) field.ErrorList {
	return validateBlock(path, cidr, 16, 20, "the VPC", "10.0.0.0/16")
}

func validateBlock(path *field.Path, cidr string, from, to int, owner, example string) field.ErrorList {
	example = "give one such as " + example
	if cidr == "" {
		return field.ErrorList{field.Required(path, owner+" needs an IPv4 block; "+example)}
	}
	p, err := netip.ParsePrefix(cidr)
	if err != nil || !p.Addr().Is4() {
		return field.ErrorList{field.Invalid(path, cidr, "must be an IPv4 block in CIDR notation; "+example)}
	}
	var errs field.ErrorList
	if p.Masked() != p {
		errs = append(errs, field.Invalid(path, cidr, fmt.Sprintf("must be a network address; did you mean %s", p.Masked())))
	}
	if p.Bits() < from || p.Bits() > to {
		errs = append(errs, field.Invalid(path, cidr, fmt.Sprintf("must have a prefix length of %d to %d; %s", from, to, example)))
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
