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
			"cluster-example:accountId":    "123456789012",
			"cluster-example:vpcId":        "vpc-0abc",
			"cluster-example:subnetIds":    `["subnet-1", "subnet-2"]`,
			"cluster-example:pipelineArn":  "arn:aws:iam::123456789012:role/pipeline",
			"cluster-example:developerArn": "arn:aws:iam::123456789012:role/developer",
		},
		Preview: true,
	})
	control := rec.Get(t, "eks:index:Cluster", "shop-west").Plain()
	require.Equal(t, "vpc-0abc", control["vpcId"])
	require.Equal(t, []any{"subnet-1", "subnet-2"}, control["privateSubnetIds"])
	require.Len(t, control["accessEntries"], 2)
	require.Equal(t, "ON_DEMAND", rec.Get(t, "aws:eks/nodeGroup:NodeGroup", "shop-west-baseline").Plain()["capacityType"])
	require.Equal(t, []string{"shop-west-nodepool-general", "shop-west-nodepool-spot"}, rec.Names("kubernetes:karpenter.sh/v1:NodePool"))
	require.Equal(t, []string{"shop-west-namespace-shop"}, rec.Names("kubernetes:core/v1:Namespace"))
}
