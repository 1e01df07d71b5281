package cluster_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tandem-platform/tandem/components/cluster"
)

const (
	nodePoolType  = "kubernetes:karpenter.sh/v1:NodePool"
	nodeClassType = "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass"
	ruleType      = "aws:cloudwatch/eventRule:EventRule"
	targetType    = "aws:cloudwatch/eventTarget:EventTarget"
)

func TestOneArgumentSaysWhatMakesNodes(t *testing.T) {
	of := map[cluster.Autoscaler][]string{
		"":                                  {"c-aws-load-balancer-controller", "c-karpenter", "c-karpenter-crd"},
		cluster.AutoscalerClusterAutoscaler: {"c-aws-load-balancer-controller", "c-cluster-autoscaler"},
		cluster.AutoscalerNone:              {"c-aws-load-balancer-controller"},
	}
	for autoscaler, releases := range of {
		a := args()
		a.Autoscaler = autoscaler
		rec := run(t, false, a)
		require.Equal(t, releases, rec.Names(releaseType), autoscaler)
		require.Equal(t, autoscaler == "", len(rec.Names(nodePoolType)) > 0, autoscaler)
		require.Equal(t, autoscaler == "", len(rec.Names("aws:sqs/queue:Queue")) > 0, autoscaler)
	}
}

func TestKarpentersNodes(t *testing.T) {
	a := args()
	a.Tags = map[string]string{"platform": "tandem"}
	a.Karpenter.NodePools = map[string]cluster.NodePool{
		"default": {},
		"batch": {
			CapacityTypes: []string{"spot"}, Architectures: []string{"arm64", "amd64"}, InstanceCategories: []string{"c"}, MinGeneration: 7,
			Zones: []string{"us-west-2a"}, CPULimit: "500", MemoryLimit: "1Ti", Weight: 10,
			Labels: map[string]string{"team": "data"}, Taints: []cluster.Taint{{Key: "batch", Effect: "NO_EXECUTE"}},
			ConsolidateAfter: "10m", ExpireAfter: "Never", DrainTimeout: "2h",
			DisruptionBudgets: []cluster.DisruptionBudget{
				{Nodes: "20%", Reasons: []string{"Empty"}},
				{Nodes: "0", Schedule: "0 8 * * 1-5", Duration: "10h"},
			},
		},
	}
	rec := run(t, false, a)
	golden(t, "node-class", rec.Get(t, nodeClassType, "c-ec2nodeclass-default").Plain())
	golden(t, "node-pool-default", rec.Get(t, nodePoolType, "c-nodepool-default").Plain())
	golden(t, "node-pool-batch", rec.Get(t, nodePoolType, "c-nodepool-batch").Plain())

	entry := rec.Get(t, "aws:eks/accessEntry:AccessEntry", "c-karpenter-node").Plain()
	require.Equal(t, "EC2_LINUX", entry["type"])
	require.Equal(t, "arn:aws:iam:::c-karpenter-node", entry["principalArn"])
	require.Equal(t, "c-karpenter-node-name", rec.Get(t, "aws:iam/instanceProfile:InstanceProfile", "c-karpenter-node").Plain()["role"])
}

func TestBottlerocketKeepsWhatGrowsOnASecondDisk(t *testing.T) {
	a := args()
	a.Karpenter = cluster.Karpenter{AMIAlias: "bottlerocket@1.54.0", DiskSizeGiB: 100}
	spec := run(t, false, a).Get(t, nodeClassType, "c-ec2nodeclass-default").Plain()["spec"].(map[string]any)
	sizes := map[string]any{}
	for _, m := range spec["blockDeviceMappings"].([]any) {
		mapping := m.(map[string]any)
		sizes[mapping["deviceName"].(string)] = mapping["ebs"].(map[string]any)["volumeSize"]
	}
	require.Equal(t, map[string]any{"/dev/xvda": "4Gi", "/dev/xvdb": "100Gi"}, sizes)
}

// Backwards, this is the order in which they go: pools with their nodes, the
// controller, its definitions and permissions, and the managed nodes last.
func TestKarpenterIsTakenApartFromTheOutsideIn(t *testing.T) {
	rec := run(t, false, args())
	waitsFor(t, rec, nodePoolType, "c-nodepool-default", nodeClassType+"::c-ec2nodeclass-default")
	waitsFor(t, rec, nodeClassType, "c-ec2nodeclass-default", releaseType+"::c-karpenter")
	waitsFor(t, rec, nodeClassType, "c-ec2nodeclass-default", "aws:eks/accessEntry:AccessEntry::c-karpenter-node")
	waitsFor(t, rec, nodeClassType, "c-ec2nodeclass-default", attachedType+"::c-karpenter-node-AmazonEKSWorkerNodePolicy")
	waitsFor(t, rec, releaseType, "c-karpenter", releaseType+"::c-karpenter-crd")
	waitsFor(t, rec, releaseType, "c-karpenter", policyType+"::c-karpenter")
	waitsFor(t, rec, releaseType, "c-karpenter", identityType+"::c-karpenter")
	waitsFor(t, rec, releaseType, "c-karpenter", nodeType+"::c-baseline")
	waitsFor(t, rec, releaseType, "c-karpenter", targetType+"::c-spot-interruption")
	waitsFor(t, rec, releaseType, "c-karpenter-crd", nodeType+"::c-baseline")
}

func TestInterruptionsReachKarpentersQueueAndNothingElseDoes(t *testing.T) {
	rec := run(t, false, args())
	events := map[string]string{}
	for _, name := range rec.Names(ruleType) {
		var pattern struct {
			Source []string `json:"source"`
			Detail []string `json:"detail-type"`
		}
		require.NoError(t, json.Unmarshal([]byte(rec.Get(t, ruleType, name).Plain()["eventPattern"].(string)), &pattern))
		events[name] = pattern.Source[0] + ": " + pattern.Detail[0]
		target := rec.Get(t, targetType, name).Plain()
		require.Equal(t, name+"-name", target["rule"])
		require.Equal(t, "arn:aws:sqs:::c-interruptions", target["arn"])
	}
	require.Equal(t, map[string]string{
		"c-health":            "aws.health: AWS Health Event",
		"c-rebalance":         "aws.ec2: EC2 Instance Rebalance Recommendation",
		"c-spot-interruption": "aws.ec2: EC2 Spot Instance Interruption Warning",
		"c-state-change":      "aws.ec2: EC2 Instance State-change Notification",
	}, events)
	golden(t, "interruption-queue-policy", rec.Get(t, "aws:sqs/queuePolicy:QueuePolicy", "c-interruptions").Plain()["policy"])
	queue := rec.Get(t, "aws:sqs/queue:Queue", "c-interruptions").Plain()
	require.Equal(t, true, queue["sqsManagedSseEnabled"])
	require.InDelta(t, 300, queue["messageRetentionSeconds"], 0)
}

func TestTheClusterAutoscalerIsOfTheClustersVersion(t *testing.T) {
	charts := map[string]string{}
	for _, version := range cluster.Versions() {
		a := args()
		a.Version, a.Autoscaler = version, cluster.AutoscalerClusterAutoscaler
		charts[version] = run(t, false, a).Get(t, releaseType, "c-cluster-autoscaler").Plain()["version"].(string)
	}
	require.Equal(t, map[string]string{"1.33": "9.51.0", "1.34": "9.53.0", "1.35": "9.59.0"}, charts)
}
