package network

import (
	"fmt"
	"net/netip"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"pgregory.net/rapid"

	"github.com/tandem-platform/tandem/internal/check"
)

var pools = rapid.Custom(func(t *rapid.T) string {
	bits := rapid.IntRange(10, 14).Draw(t, "bits")
	return netip.PrefixFrom(netip.AddrFrom4([4]byte{10, rapid.Byte().Draw(t, "b"), 0, 0}), bits).Masked().String()
})

func TestBlocksOfRegionsLieInThePoolAndNeverOverlap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pool := pools.Draw(t, "pool")
		whole := netip.MustParsePrefix(pool)
		// Regions come in any number and in any order.
		chosen := rapid.SliceOfNDistinct(rapid.SampledFrom(regions), 2, len(regions), rapid.ID).Draw(t, "regions")
		var planned []netip.Prefix
		for _, region := range chosen {
			block, err := PlanRegion(pool, region)
			require.NoError(t, err)
			require.Empty(t, ValidateCIDR(field.NewPath("cidr"), block), "a network takes the block")
			p := netip.MustParsePrefix(block)
			require.True(t, whole.Contains(p.Addr()) && p.Bits() > whole.Bits(), "%v is not inside %v", p, whole)
			for _, other := range planned {
				require.False(t, p.Overlaps(other), "%v and %v overlap", p, other)
			}
			planned = append(planned, p)
		}
	})
}

// A block can only be changed by replacing the VPC, so this list may grow at its
// end and in no other way.
func TestNoRegionEverMoves(t *testing.T) {
	for region, want := range map[string]string{
		"us-east-1": "10.0.0.0/16", "us-west-2": "10.1.0.0/16", "us-east-2": "10.2.0.0/16", "us-west-1": "10.3.0.0/16",
		"eu-west-1": "10.4.0.0/16", "eu-central-1": "10.5.0.0/16", "eu-west-2": "10.6.0.0/16", "eu-west-3": "10.7.0.0/16",
		"eu-north-1": "10.8.0.0/16", "eu-south-1": "10.9.0.0/16", "eu-south-2": "10.10.0.0/16", "eu-central-2": "10.11.0.0/16",
		"ap-southeast-1": "10.12.0.0/16", "ap-southeast-2": "10.13.0.0/16", "ap-northeast-1": "10.14.0.0/16",
		"ap-northeast-2": "10.15.0.0/16", "ap-northeast-3": "10.16.0.0/16", "ap-south-1": "10.17.0.0/16", "ap-south-2": "10.18.0.0/16",
		"ap-east-1": "10.19.0.0/16", "ap-southeast-3": "10.20.0.0/16", "ap-southeast-4": "10.21.0.0/16",
		"ap-southeast-5": "10.22.0.0/16", "ap-southeast-7": "10.23.0.0/16", "ap-east-2": "10.24.0.0/16",
		"ca-central-1": "10.25.0.0/16", "ca-west-1": "10.26.0.0/16", "sa-east-1": "10.27.0.0/16", "mx-central-1": "10.28.0.0/16",
		"me-south-1": "10.29.0.0/16", "me-central-1": "10.30.0.0/16", "il-central-1": "10.31.0.0/16", "af-south-1": "10.32.0.0/16",
		"ap-southeast-6": "10.33.0.0/16", "us-gov-east-1": "10.34.0.0/16", "us-gov-west-1": "10.35.0.0/16",
		"cn-north-1": "10.36.0.0/16", "cn-northwest-1": "10.37.0.0/16",
	} {
		got, err := PlanRegion("10.0.0.0/10", region)
		require.NoError(t, err)
		require.Equal(t, want, got, region)
	}
}

func TestThePoolHasRoomForRegionsToCome(t *testing.T) {
	require.LessOrEqual(t, len(regions), 1<<poolBits*3/4, "a quarter of the slots is kept")
	for i, region := range regions {
		require.True(t, check.IsRegion(region), region)
		require.NotContains(t, regions[:i], region)
	}
	require.False(t, slices.Contains(regions, "us-east-9"))
}

func TestARegionWithoutASlotIsReported(t *testing.T) {
	_, err := PlanRegion("10.0.0.0/10", "us-east-9")
	require.EqualError(t, err, fmt.Sprintf(
		`"us-east-9" has no slot among the %d of the pool that are taken: give its VPC a block outside of 10.0.0.0/10`, len(regions)))
}

func TestPoolProblems(t *testing.T) {
	for pool, want := range map[string]string{
		"":             `pool: Required value: the pool needs an IPv4 block; give one such as 10.0.0.0/10`,
		"10.0.0.0/8":   `pool: Invalid value: "10.0.0.0/8": must have a prefix length of 10 to 14; give one such as 10.0.0.0/10`,
		"10.0.0.0/15":  `pool: Invalid value: "10.0.0.0/15": must have a prefix length of 10 to 14; give one such as 10.0.0.0/10`,
		"10.64.1.0/10": `pool: Invalid value: "10.64.1.0/10": must be a network address; did you mean 10.64.0.0/10`,
	} {
		_, err := PlanRegion(pool, "us-east-1")
		require.EqualError(t, err, want)
	}
}
