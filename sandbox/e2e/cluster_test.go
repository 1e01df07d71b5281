package e2e

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestEachChangeOfAClusterChangesJustWhatItShould is the life of a cluster on the
// real engine, upgrades and the way to its end among it. Wherever it says nothing
// of a resource, that resource does not change.
func TestEachChangeOfAClusterChangesJustWhatItShould(t *testing.T) {
	t.Parallel()
	c := newComponent(t, "cluster")
	args := map[string]any{
		"zones":       []string{"us-east-1a", "us-east-1b"},
		"version":     "1.33",
		"jobs":        []string{"developer", "devops-engineer", "security-auditor", "operations", "jenkins", "pipeline"},
		"fargate":     map[string]any{"burst": map[string]any{"namespace": "jobs"}},
		"namespaces":  map[string]any{"jobs": map[string]any{}},
		"controllers": true,
	}

	part(t, "with everything that there is, it comes up", func(t *testing.T) {
		c.configure(t, args)
		c.up(t)
		require.Empty(t, c.steps(t, alone), "a second up would change something")
	})

	part(t, "the real AWS provider takes every input", func(t *testing.T) { c.requireTakenByProvider(t, alone) })

	part(t, "a version that is skipped or lower is refused before anything changes", func(t *testing.T) {
		for version, want := range map[string]string{
			"1.35": `cluster "c": version: Invalid value: "1.35": the cluster is 1.33, and EKS upgrades by one minor version at a time; bring up 1.34 first`,
			"1.32": `version: Invalid value: "1.32": must be a minor version of Kubernetes that the add-ons are pinned for: 1.33, 1.34, 1.35`,
		} {
			c.configure(t, changed(args, "version", version))
			out, err := c.pulumi(t, "preview", "-s", alone)
			require.Error(t, err, out)
			require.Contains(t, strings.Join(strings.Fields(out), " "), want)
			out, err = c.pulumi(t, "up", "--yes", "--skip-preview", "-s", alone)
			require.Error(t, err, out)
		}
		c.configure(t, args)
		require.Empty(t, c.steps(t, alone), "a refused version left something behind")
	})

	part(t, "an upgrade goes through control plane, add-ons and nodes in order, and replaces nothing", func(t *testing.T) {
		args = changed(args, "version", "1.34")
		c.configure(t, args)
		require.Equal(t, []string{
			"update aws:eks/addon:Addon c-kube-proxy",
			"update aws:eks/cluster:Cluster c-eksCluster",
			"update aws:eks/nodeGroup:NodeGroup c-baseline",
			"update tandem:index:Cluster c",
		}, c.steps(t, alone))
		o := c.ordered(t, "up", "--yes", "--skip-preview", "-s", alone)
		o.comesBefore(t, "update aws:eks/cluster:Cluster c-eksCluster", "update aws:eks/addon:Addon c-kube-proxy")
		o.comesBefore(t, "update aws:eks/addon:Addon c-kube-proxy", "update aws:eks/nodeGroup:NodeGroup c-baseline")
		require.Empty(t, c.steps(t, alone), "a second up would change something")

		c.configure(t, changed(args, "version", "1.33"))
		out, err := c.pulumi(t, "preview", "-s", alone)
		require.Error(t, err, out)
		require.Contains(t, strings.Join(strings.Fields(out), " "), `the cluster is 1.34, and EKS takes no version back; keep 1.34`)
		c.configure(t, args)
	})

	part(t, "another node group is one more, and nothing else", func(t *testing.T) {
		args = changed(args, "nodeGroups", map[string]any{"baseline": map[string]any{}, "batch": map[string]any{"spot": true}})
		require.Equal(t, []string{
			"create aws:ec2/launchTemplate:LaunchTemplate c-batch",
			"create aws:eks/nodeGroup:NodeGroup c-batch",
		}, c.change(t, args))
	})

	part(t, "another zone takes new nodes and moves no subnet", func(t *testing.T) {
		args = changed(args, "zones", []string{"us-east-1a", "us-east-1b", "us-east-1c"})
		c.configure(t, args)
		require.Equal(t, []string{
			// EKS cannot move these.
			"replace aws:eks/fargateProfile:FargateProfile c-fargate-burst",
			"replace aws:eks/nodeGroup:NodeGroup c-baseline",
			"replace aws:eks/nodeGroup:NodeGroup c-batch",
			"update aws:eks/cluster:Cluster c-eksCluster",
			"update kubernetes:karpenter.k8s.aws/v1:EC2NodeClass c-ec2nodeclass-default",
		}, slices.DeleteFunc(c.steps(t, alone), func(step string) bool {
			return strings.Contains(step, " net") && !strings.HasPrefix(step, "replace")
		}))
		o := c.ordered(t, "up", "--yes", "--skip-preview", "-s", alone)
		for _, moved := range []string{"fargateProfile:FargateProfile c-fargate-burst", "nodeGroup:NodeGroup c-baseline", "nodeGroup:NodeGroup c-batch"} {
			o.comesBefore(t, "create-replacement aws:eks/"+moved, "delete-replaced aws:eks/"+moved)
		}
		require.Empty(t, c.steps(t, alone), "a second up would change something")
	})

	part(t, "another autoscaler takes the place of Karpenter's parts, and of nothing else", func(t *testing.T) {
		args = changed(args, "autoscaler", "cluster-autoscaler")
		c.configure(t, args)
		steps := c.steps(t, alone)
		for _, step := range steps {
			op, _, _ := strings.Cut(step, " ")
			require.True(t, op == "create" && strings.Contains(step, "cluster-autoscaler") || op == "delete", step)
		}
		o := c.ordered(t, "up", "--yes", "--skip-preview", "-s", alone)
		o.comesBefore(t, "delete kubernetes:karpenter.sh/v1:NodePool c-nodepool-default", "delete kubernetes:karpenter.k8s.aws/v1:EC2NodeClass c-ec2nodeclass-default")
		o.comesBefore(t, "delete kubernetes:karpenter.k8s.aws/v1:EC2NodeClass c-ec2nodeclass-default", "delete kubernetes:helm.sh/v3:Release c-karpenter")
		o.comesBefore(t, "delete kubernetes:helm.sh/v3:Release c-karpenter", "delete kubernetes:helm.sh/v3:Release c-karpenter-crd")
		require.Empty(t, c.steps(t, alone), "a second up would change something")

		args = changed(args, "autoscaler", "karpenter")
		c.change(t, args)
	})

	part(t, "the key of volumes stands in the way of a destroy until it is let go", func(t *testing.T) {
		out, err := c.pulumi(t, "destroy", "--preview-only", "-s", alone)
		require.Error(t, err, out)
		require.Contains(t, out, "c-volumes")
		args = changed(args, "allowDestroy", true)
		c.configure(t, args)
		c.up(t)
	})

	part(t, "a destroy lets go of what controllers made before the controllers, the nodes and the network", func(t *testing.T) {
		o := c.ordered(t, "destroy", "--yes", "--skip-preview", "-s", alone)
		const (
			binding  = "delete kubernetes:elbv2.k8s.aws/v1beta1:TargetGroupBinding web"
			pool     = "delete kubernetes:karpenter.sh/v1:NodePool c-nodepool-default"
			class    = "delete kubernetes:karpenter.k8s.aws/v1:EC2NodeClass c-ec2nodeclass-default"
			release  = "delete kubernetes:helm.sh/v3:Release c-"
			nodes    = "delete aws:eks/nodeGroup:NodeGroup c-baseline"
			addon    = "delete aws:eks/addon:Addon c-"
			identity = "delete aws:eks/podIdentityAssociation:PodIdentityAssociation c-"
			control  = "delete aws:eks/cluster:Cluster c-eksCluster"
		)
		for _, step := range [][2]string{
			{binding, release + "aws-load-balancer-controller"},
			{binding, "delete aws:lb/targetGroup:TargetGroup web"},
			{binding, pool}, // its pods may run on the pool's nodes
			{pool, class},
			{class, release + "karpenter"},
			{class, "delete aws:eks/accessEntry:AccessEntry c-karpenter-node"},
			{release + "karpenter", release + "karpenter-crd"},
			{release + "karpenter", identity + "karpenter"},
			{release + "karpenter", "delete aws:iam/rolePolicy:RolePolicy c-karpenter"},
			{release + "karpenter-crd", nodes},
			{release + "aws-load-balancer-controller", nodes},
			{release + "aws-load-balancer-controller", identity + "aws-load-balancer-controller"},
			{release + "external-secrets", nodes},
			{addon + "aws-ebs-csi-driver", nodes},
			{addon + "coredns", nodes},
			{nodes, addon + "vpc-cni"},
			{identity + "karpenter", addon + "eks-pod-identity-agent"},
			{addon + "vpc-cni", control},
			{"delete aws:eks/fargateProfile:FargateProfile c-fargate-burst", control},
			{"delete pulumi:providers:kubernetes c-kubernetes", control},
			{control, "delete aws:ec2/subnet:Subnet net-private-us-east-1a"},
			{control, "delete aws:ec2/vpc:Vpc net-vpc"},
		} {
			o.comesBefore(t, step[0], step[1])
		}
		c.cloudsAreEmpty(t)
	})
}
