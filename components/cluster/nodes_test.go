package cluster_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tandem-platform/tandem/components/cluster"
)

func TestNodeGroups(t *testing.T) {
	a := args()
	a.NodeGroups = map[string]cluster.NodeGroup{
		"baseline": {},
		"batch": {
			Spot: true, InstanceTypes: []string{"m7g.large", "m6g.large"}, MinSize: 1, MaxSize: 20, MaxUnavailablePercent: 50,
			Labels: map[string]string{"team": "data"},
			Taints: []cluster.Taint{{Key: "batch", Value: "true", Effect: "NO_SCHEDULE"}},
		},
	}
	rec := run(t, false, a)
	require.Equal(t, []string{"c-baseline", "c-batch"}, rec.Names(nodeType))

	baseline := rec.Get(t, nodeType, "c-baseline")
	in := baseline.Plain()
	require.Equal(t, "ON_DEMAND", in["capacityType"])
	require.Equal(t, "AL2023_ARM_64_STANDARD", in["amiType"])
	require.Equal(t, cluster.DefaultVersion, in["version"])
	require.Equal(t, []any{"subnet-1", "subnet-2"}, in["subnetIds"])
	require.Equal(t, map[string]any{"minSize": 3.0, "maxSize": 10.0, "desiredSize": 3.0}, in["scalingConfig"])
	require.Equal(t, map[string]any{"maxUnavailablePercentage": 33.0}, in["updateConfig"])
	require.Equal(t, map[string]any{"id": "c-baseline-id", "version": "7"}, in["launchTemplate"])
	require.Equal(t, []string{"scalingConfig.desiredSize"}, baseline.IgnoreChanges)

	in = rec.Get(t, nodeType, "c-batch").Plain()
	require.Equal(t, "SPOT", in["capacityType"])
	require.Equal(t, []any{"m7g.large", "m6g.large"}, in["instanceTypes"])
	require.Equal(t, map[string]any{"maxUnavailablePercentage": 50.0}, in["updateConfig"])
	require.Equal(t, map[string]any{"team": "data"}, in["labels"])
	require.Equal(t, []any{map[string]any{"key": "batch", "value": "true", "effect": "NO_SCHEDULE"}}, in["taints"])
}

func TestNodesHaveEncryptedDisksTagsAndNoMetadataForPods(t *testing.T) {
	a := args()
	a.Tags = map[string]string{"platform": "tandem"}
	a.NodeGroups = map[string]cluster.NodeGroup{
		"baseline": {DiskSizeGiB: 80},
		"rocket":   {AMIType: "BOTTLEROCKET_ARM_64", DiskSizeGiB: 80},
	}
	rec := run(t, false, a)
	golden(t, "launch-template-al2023", rec.Get(t, templateType, "c-baseline").Plain())
	// Bottlerocket keeps what grows on a second disk.
	golden(t, "launch-template-bottlerocket", rec.Get(t, templateType, "c-rocket").Plain())
}

func TestNodesWaitForTheNetworkAndPodsForNodes(t *testing.T) {
	a := args()
	a.EFS = true
	rec := run(t, false, a)
	waitsFor(t, rec, nodeType, "c-baseline", addonType+"::c-vpc-cni")
	waitsFor(t, rec, nodeType, "c-baseline", addonType+"::c-kube-proxy")
	waitsFor(t, rec, nodeType, "c-baseline", addonType+"::c-eks-pod-identity-agent")
	waitsFor(t, rec, nodeType, "c-baseline", attachedType+"::c-node-AmazonEKSWorkerNodePolicy")
	for _, addon := range []string{"coredns", "aws-ebs-csi-driver", "aws-efs-csi-driver", "metrics-server"} {
		waitsFor(t, rec, addonType, "c-"+addon, nodeType+"::c-baseline")
	}
	for _, release := range rec.Names(releaseType) {
		waitsFor(t, rec, releaseType, release, nodeType+"::c-baseline")
	}
}

// Pods cannot borrow from their node what belongs to an add-on.
func TestNodesMayDoNoMoreThanKubeletNeeds(t *testing.T) {
	rec := run(t, false, args())
	for _, role := range []string{"c-node", "c-karpenter-node"} {
		var policies []string
		for _, name := range rec.Names(attachedType) {
			in := rec.Get(t, attachedType, name).Plain()
			if in["role"] == role+"-name" {
				policies = append(policies, in["policyArn"].(string))
			}
		}
		require.Equal(t, []string{
			"arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly",
			"arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy",
			"arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore",
		}, policies, role)
	}
}

func TestFargateProfilesComeOneAfterTheOther(t *testing.T) {
	const profileType = "aws:eks/fargateProfile:FargateProfile"
	a := args()
	a.Fargate = map[string]cluster.FargateProfile{
		"burst":   {Namespace: "jobs", Labels: map[string]string{"run-on": "fargate"}},
		"reports": {Namespace: "reports"},
	}
	rec := run(t, false, a)
	require.Equal(t, []string{"c-fargate-burst", "c-fargate-reports"}, rec.Names(profileType))
	in := rec.Get(t, profileType, "c-fargate-burst").Plain()
	require.Equal(t, []any{"subnet-1", "subnet-2"}, in["subnetIds"])
	require.Equal(t, "arn:aws:iam:::c-fargate", in["podExecutionRoleArn"])
	require.Equal(t, []any{map[string]any{"namespace": "jobs", "labels": map[string]any{"run-on": "fargate"}}}, in["selectors"])
	waitsFor(t, rec, profileType, "c-fargate-burst", attachedType+"::c-fargate")
	waitsFor(t, rec, profileType, "c-fargate-reports", profileType+"::c-fargate-burst")
	golden(t, "fargate-trust", rec.Get(t, roleType, "c-fargate").Plain()["assumeRolePolicy"])
	require.Empty(t, run(t, false, args()).Names(profileType))
}
