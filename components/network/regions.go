package network

import (
	"fmt"
	"net/netip"
	"slices"

	"k8s.io/apimachinery/pkg/util/validation/field"
)

// regions has the slot of every AWS region in a pool: its place in the list.
// What has a place keeps it for ever, since a VPC's block cannot change; a new
// region goes to the end (AWS General Reference, "AWS Regions", read 2026-11).
var regions = []string{
	"us-east-1", "us-west-2", "us-east-2", "us-west-1",
	"eu-west-1", "eu-central-1", "eu-west-2", "eu-west-3", "eu-north-1", "eu-south-1", "eu-south-2", "eu-central-2",
	"ap-southeast-1", "ap-southeast-2", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-south-2",
	"ap-east-1", "ap-southeast-3", "ap-southeast-4", "ap-southeast-5", "ap-southeast-7", "ap-east-2",
	"ca-central-1", "ca-west-1", "sa-east-1", "mx-central-1",
	"me-south-1", "me-central-1", "il-central-1", "af-south-1", "ap-southeast-6",
	"us-gov-east-1", "us-gov-west-1", "cn-north-1", "cn-northwest-1",
}

// poolBits is how many bits of an address in a pool tell the region: 64 slots,
// for the 38 regions that there are and those to come.
const poolBits = 6

// PlanRegion returns the block of a region's VPC in a pool that several regions
// share. The pool is cut into 64 equal slots, and every AWS region owns one. So
// the blocks of two regions never overlap, in whatever order regions are added,
// and adding one moves no other. The largest pool, a /10, gives VPCs of /16.
//
// The error is that of [ValidatePool], or says that the region has no slot.
func PlanRegion(pool, region string) (string, error) {
	if errs := ValidatePool(field.NewPath("pool"), pool); len(errs) > 0 {
		return "", errs.ToAggregate()
	}
	slot := slices.Index(regions, region)
	if slot < 0 {
		return "", fmt.Errorf("%q has no slot among the %d of the pool that are taken: give its VPC a block outside of %s",
			region, len(regions), pool)
	}
	return child(netip.MustParsePrefix(pool), poolBits, slot).String(), nil
}

// ValidatePool returns what is wrong with a pool of addresses for the VPCs of all
// regions: it has to be a network address in a private range with a prefix length
// of 10 to 14, of which each region gets a 64th.
func ValidatePool(path *field.Path, pool string) field.ErrorList {
	return validateBlock(path, pool, 10, 14, "the pool", "10.0.0.0/10")
}
