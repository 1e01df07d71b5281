package network

import (
	"fmt"
	"net/netip"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"pgregory.net/rapid"
)

var vpcBlocks = rapid.Custom(func(t *rapid.T) netip.Prefix {
	bits := rapid.IntRange(16, 20).Draw(t, "bits")
	addr := netip.AddrFrom4([4]byte{10, rapid.Byte().Draw(t, "b"), rapid.Byte().Draw(t, "c"), 0})
	return netip.PrefixFrom(addr, bits).Masked()
})

var zoneSets = rapid.Custom(func(t *rapid.T) []string {
	letters := rapid.SliceOfNDistinct(rapid.RuneFrom([]rune("abcdefgh")), 2, 6, rapid.ID).Draw(t, "letters")
	zones := make([]string, len(letters))
	for i, l := range letters {
		zones[i] = fmt.Sprintf("eu-central-1%c", l)
	}
	return zones
})

func TestSubnetsLieInTheVPCAndNeverOverlap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		vpc, zones := vpcBlocks.Draw(t, "vpc"), zoneSets.Draw(t, "zones")
		plan := planSubnets(vpc, zones, true)
		require.Len(t, plan, 4*len(zones))
		for i, a := range plan {
			require.True(t, vpc.Contains(a.cidr.Addr()) && a.cidr.Bits() > vpc.Bits(), "%v is not inside %v", a, vpc)
			require.Equal(t, a.cidr.Masked(), a.cidr)
			require.LessOrEqual(t, a.cidr.Bits(), 28, "AWS makes no smaller subnets")
			for _, b := range plan[i+1:] {
				require.False(t, a.cidr.Overlaps(b.cidr), "%v and %v overlap", a, b)
				require.NotEqual(t, a.number, b.number, "%v and %v have the same IPv6 addresses", a, b)
			}
		}
	})
}

func TestAnotherZoneOrTierMovesNoSubnet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		vpc, zones := vpcBlocks.Draw(t, "vpc"), zoneSets.Draw(t, "zones")
		all := planSubnets(vpc, zones, true)
		without := rapid.IntRange(0, len(zones)-1).Draw(t, "without")
		intra := rapid.Bool().Draw(t, "intra")
		for _, s := range planSubnets(vpc, slices.Delete(slices.Clone(zones), without, without+1), intra) {
			require.Contains(t, all, s)
		}
	})
}

func TestEveryZoneHasRoomForOneMoreTier(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		vpc := vpcBlocks.Draw(t, "vpc")
		zone := "eu-central-1" + string(rapid.RuneFrom([]rune("abcdefgh")).Draw(t, "letter"))
		plan := planSubnets(vpc, []string{zone}, true)
		spare := child(child(child(vpc, zoneBits, zoneLetter(zone)), 1, 1), 2, 3)
		for _, s := range plan {
			require.False(t, spare.Overlaps(s.cidr), "%v takes the spare quarter %v", s, spare)
		}
	})
}

func TestIPv6SubnetsLieInTheirTiersQuarterOfTheBlock(t *testing.T) {
	const block = "2600:1f18:abc:de00::/56"
	rapid.Check(t, func(t *rapid.T) {
		for _, s := range planSubnets(vpcBlocks.Draw(t, "vpc"), zoneSets.Draw(t, "zones"), true) {
			part, err := ipv6Part(block, s.number, 64)
			require.NoError(t, err)
			quarter, err := ipv6Part(block, ipv6Tiers[s.tier]*ipv6PerTier, 58)
			require.NoError(t, err)
			p, q := netip.MustParsePrefix(part), netip.MustParsePrefix(quarter)
			require.Equal(t, p.Masked(), p)
			require.Equal(t, q.Masked(), q)
			require.True(t, q.Contains(p.Addr()) && netip.MustParsePrefix(block).Contains(p.Addr()), "%v is not in %v", p, q)
		}
	})
}

func TestAnIPv6BlockOfAnotherSizeIsRefused(t *testing.T) {
	for _, block := range []string{"", "2600:1f18:abc::/48", "10.0.0.0/16"} {
		_, err := ipv6Part(block, 0, 64)
		require.ErrorContains(t, err, "which is no /56", block)
	}
}

func TestPlanOfAWholeRegion(t *testing.T) {
	var got []string
	for _, s := range planSubnets(netip.MustParsePrefix("10.0.0.0/16"), []string{"us-east-1a", "us-east-1b"}, true) {
		part, err := ipv6Part("2600:1f18:abc:de00::/56", s.number, 64)
		require.NoError(t, err)
		got = append(got, fmt.Sprintf("%s %s %s %s", s.zone, s.tier, s.cidr, part))
	}
	require.Equal(t, []string{
		"us-east-1a public 10.0.16.0/22 2600:1f18:abc:de40::/64",
		"us-east-1a private 10.0.0.0/20 2600:1f18:abc:de00::/64",
		"us-east-1a data 10.0.20.0/22 2600:1f18:abc:de80::/64",
		"us-east-1a intra 10.0.24.0/22 2600:1f18:abc:dec0::/64",
		"us-east-1b public 10.0.48.0/22 2600:1f18:abc:de41::/64",
		"us-east-1b private 10.0.32.0/20 2600:1f18:abc:de01::/64",
		"us-east-1b data 10.0.52.0/22 2600:1f18:abc:de81::/64",
		"us-east-1b intra 10.0.56.0/22 2600:1f18:abc:dec1::/64",
	}, got)
}

func TestCIDRProblems(t *testing.T) {
	for name, c := range map[string]struct{ cidr, want string }{
		"missing":           {"", "cidr: Required value: the VPC needs an IPv4 block; give one such as 10.0.0.0/16"},
		"not a CIDR":        {"10.0.0.0", `cidr: Invalid value: "10.0.0.0": must be an IPv4 block in CIDR notation; give one such as 10.0.0.0/16`},
		"IPv6":              {"fd00::/48", `cidr: Invalid value: "fd00::/48": must be an IPv4 block in CIDR notation; give one such as 10.0.0.0/16`},
		"a host address":    {"10.0.0.1/16", `cidr: Invalid value: "10.0.0.1/16": must be a network address; did you mean 10.0.0.0/16`},
		"too large":         {"10.0.0.0/8", `cidr: Invalid value: "10.0.0.0/8": must have a prefix length of 16 to 20; give one such as 10.0.0.0/16`},
		"too small":         {"10.0.0.0/21", `cidr: Invalid value: "10.0.0.0/21": must have a prefix length of 16 to 20; give one such as 10.0.0.0/16`},
		"a public range":    {"8.8.0.0/16", `cidr: Invalid value: "8.8.0.0/16": must lie in 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 or 100.64.0.0/10; give one such as 10.0.0.0/16`},
		"the shared range":  {"100.64.0.0/16", ""},
		"the private range": {"172.16.0.0/16", ""},
	} {
		t.Run(name, func(t *testing.T) {
			errs := ValidateCIDR(field.NewPath("cidr"), c.cidr)
			if c.want == "" {
				require.Empty(t, errs)
				return
			}
			require.Len(t, errs, 1)
			require.EqualError(t, errs[0], c.want)
		})
	}
}
