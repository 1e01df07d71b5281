package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tandem-platform/tandem/internal/mocktest"
)

func TestTheClusterIsPutIntoTheGivenVPC(t *testing.T) {
	// As a preview: what the cluster tells is made by pulumi-eks, which mocks do not run.
	rec := mocktest.MustRun(t, program, mocktest.Options{
		Project: "cluster-example",
		Config: map[string]string{
			"cluster-example:vpcId":     "vpc-0abc",
			"cluster-example:subnetIds": `["subnet-1", "subnet-2"]`,
			"cluster-example:adminArn":  "arn:aws:iam::123456789012:role/admin",
		},
		Preview: true,
	})
	control := rec.Get(t, "eks:index:Cluster", "shop-west").Plain()
	require.Equal(t, "vpc-0abc", control["vpcId"])
	require.Equal(t, []any{"subnet-1", "subnet-2"}, control["privateSubnetIds"])
	for group, capacity := range map[string]string{"shop-west-baseline": "ON_DEMAND", "shop-west-burst": "SPOT"} {
		require.Equal(t, capacity, rec.Get(t, "aws:eks/nodeGroup:NodeGroup", group).Plain()["capacityType"])
	}
}
