package cluster_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"github.com/tandem-platform/tandem/components/cluster"
)

func TestEveryBadArgumentIsReportedBeforeAnythingIsRegistered(t *testing.T) {
	rec, err := try(false, &cluster.ClusterArgs{
		Region:             "us-west",
		AccountID:          "1234",
		Version:            "1.34.1",
		PublicAccessCIDRs:  []string{"0.0.0.0/0", "10.0.0.1/24"},
		PrivateAccessCIDRs: []string{"10.9.0.0"},
		KubectlRoleARN:     "deployer",
		LogRetentionDays:   8,
		Access: map[string]cluster.Access{
			"both":  {PrincipalARN: role("both"), Job: cluster.JobPipeline, Policy: cluster.AccessView},
			"dev":   {PrincipalARN: pulumi.String("dev"), Policy: "admin"},
			"job":   {PrincipalARN: role("job"), Job: "boss"},
			"none":  {Namespaces: []string{"Web"}},
			"ops":   {PrincipalARN: role("ops"), Job: cluster.JobOperations, Namespaces: []string{"web"}},
			"where": {PrincipalARN: role("where"), Job: cluster.JobDeveloper},
		},
		NodeGroups: map[string]cluster.NodeGroup{"Spot": {
			Spot: true, AMIType: "AL2_x86_64", MinSize: 5, MaxSize: 2, DiskSizeGiB: 8, MaxUnavailablePercent: 101,
			Labels: map[string]string{"team": "no spaces"}, Taints: []cluster.Taint{{Key: "a", Effect: "NoSchedule"}},
		}},
		Karpenter: cluster.Karpenter{
			AMIAlias: "al2@latest", DiskSizeGiB: 20000,
			NodePools: map[string]cluster.NodePool{"pool": {
				CapacityTypes: []string{"reserved"}, Architectures: []string{"x86"}, InstanceCategories: []string{"M7"}, MinGeneration: -1,
				Zones: []string{"us-west-2"}, CPULimit: "lots", MemoryLimit: "-1Gi", Weight: 101,
				Labels:           map[string]string{"karpenter.sh/capacity-type": "spot"},
				ConsolidateAfter: "soon", ExpireAfter: "30d", DrainTimeout: "Never",
				DisruptionBudgets: []cluster.DisruptionBudget{{Nodes: "half", Reasons: []string{"Old"}, Schedule: "daily"}, {Nodes: "1", Schedule: "0 8 * * *", Duration: "90s"}},
			}},
		},
		Fargate: map[string]cluster.FargateProfile{"all": {}, "odd": {Namespace: "Odd"}, "system": {Namespace: "kube-system"}},
		Namespaces: map[string]cluster.Namespace{
			"default": {}, "loose": {PodSecurity: cluster.PodSecurityBaseline}, "odd": {PodSecurity: "strict"},
		},
		ExternalDNS:   &cluster.ExternalDNS{Domains: []string{"apps"}},
		AddonVersions: map[string]string{"core-dns": "1.12", "kube-proxy": "v1.36.0-eksbuild.1"},
		Tags:          map[string]string{"": "x", "kubernetes.io/cluster/other": "owned"},
	})
	const domainRule = "is in a domain of Kubernetes or Karpenter, which set such labels themselves; take another domain"
	for _, want := range []string{
		`cluster "c": 58 problems`,
		`region: Invalid value: "us-west": must be an AWS region, such as us-east-1`,
		`accountId: Invalid value: "1234": must be an AWS account number of 12 digits`,
		`vpcId: Required value: give the VPC of the subnets`,
		`subnetIds: Required value: give the private subnets of at least two zones`,
		`version: Invalid value: "1.34.1": must be a minor version of Kubernetes that the add-ons are pinned for: 1.33, 1.34, 1.35`,
		`publicAccessCidrs[0]: Invalid value: "0.0.0.0/0": must not be the whole internet; list the blocks of your offices and runners`,
		`publicAccessCidrs[1]: Invalid value: "10.0.0.1/24": must be an IPv4 block in CIDR notation, such as 203.0.113.0/24`,
		`privateAccessCidrs[0]: Invalid value: "10.9.0.0": must be an IPv4 block in CIDR notation, such as 203.0.113.0/24`,
		`access[both].policy: Forbidden: comes with the job pipeline; take one of the two away`,
		`access[dev].principalArn: Invalid value: "dev": must be the ARN of an IAM role or user`,
		`access[dev].policy: Unsupported value: "admin": supported values:`,
		`access[job].job: Unsupported value: "boss": supported values: "developer", "devops-engineer"`,
		`access[none].principalArn: Required value: give the IAM role or user`,
		`access[none].job: Required value: give a job, or a policy`,
		`access[none].namespaces[0]: Invalid value: "Web": must be the name of a Kubernetes namespace`,
		`access[ops].namespaces: Forbidden: does not limit the job operations, which is one of the whole cluster`,
		`access[where].namespaces: Required value: give the namespaces that the job developer may change`,
		`kubectlRoleArn: Invalid value: "deployer": must be the ARN of an IAM role`,
		`logRetentionDays: Invalid value: 8: must be a period that CloudWatch Logs knows`,
		`nodeGroups[Spot]: Invalid value: "Spot": must be lower case letters, digits and hyphens, at most 40`,
		`nodeGroups[Spot].amiType: Unsupported value: "AL2_x86_64"`,
		`nodeGroups[Spot].maxSize: Invalid value: 2: must not be below minSize, which is 5`,
		`nodeGroups[Spot].maxUnavailablePercent: Invalid value: 101: must be 1 to 100, in percent of the group's nodes`,
		`nodeGroups[Spot].diskSizeGiB: Invalid value: 8: must be 20 to 16384; images alone take about 10`,
		`nodeGroups[Spot].labels[team]: Invalid value: "no spaces": must be a Kubernetes label:`,
		`nodeGroups[Spot].taints[0].effect: Unsupported value: "NoSchedule"`,
		`nodeGroups: Forbidden: every group is spot, and AWS can take all of them back at once; set spot to false on one`,
		`karpenter.amiAlias: Invalid value: "al2@latest": must be al2023@ or bottlerocket@ and a version`,
		`karpenter.diskSizeGiB: Invalid value: 20000: must be 20 to 16384`,
		`karpenter.nodePools[pool].capacityTypes[0]: Unsupported value: "reserved": supported values: "spot", "on-demand"`,
		`karpenter.nodePools[pool].architectures[0]: Unsupported value: "x86": supported values: "arm64", "amd64"`,
		`karpenter.nodePools[pool].instanceCategories[0]: Invalid value: "M7": must be the letters that a family begins with, such as m`,
		`karpenter.nodePools[pool].minGeneration: Invalid value: -1: must be a generation of instances, such as 6`,
		`karpenter.nodePools[pool].zones[0]: Invalid value: "us-west-2": must be an availability zone, such as us-east-1a`,
		`karpenter.nodePools[pool].cpuLimit: Invalid value: "lots": must be a Kubernetes quantity above zero, such as 100`,
		`karpenter.nodePools[pool].memoryLimit: Invalid value: "-1Gi": must be a Kubernetes quantity above zero, such as 400Gi`,
		`karpenter.nodePools[pool].weight: Invalid value: 101: must be 1 to 100, or 0 for none`,
		`karpenter.nodePools[pool].labels[karpenter.sh/capacity-type]: Forbidden: ` + domainRule,
		`karpenter.nodePools[pool].consolidateAfter: Invalid value: "soon": must be a duration in hours, minutes and seconds, such as 1h30m`,
		`karpenter.nodePools[pool].expireAfter: Invalid value: "30d"`,
		`karpenter.nodePools[pool].drainTimeout: Invalid value: "Never"`,
		`karpenter.nodePools[pool].disruptionBudgets[0].nodes: Invalid value: "half": must be a number of nodes or a percentage, such as 2 or 10%`,
		`karpenter.nodePools[pool].disruptionBudgets[0].reasons[0]: Unsupported value: "Old": supported values: "Underutilized", "Empty", "Drifted"`,
		`karpenter.nodePools[pool].disruptionBudgets[0].schedule: Invalid value: "daily": must be given together with duration`,
		`karpenter.nodePools[pool].disruptionBudgets[0].schedule: Invalid value: "daily": must be a cron expression of five fields, such as 0 8 * * 1-5`,
		`karpenter.nodePools[pool].disruptionBudgets[1].duration: Invalid value: "90s": must be a duration in hours and minutes, such as 8h`,
		`fargate[all].namespace: Required value: give the namespace whose pods run on Fargate`,
		`fargate[odd].namespace: Invalid value: "Odd": must be the name of a Kubernetes namespace`,
		`fargate[system].namespace: Forbidden: is where daemon sets and the add-ons of nodes run, which Fargate does not; take another namespace`,
		`namespaces[default]: Forbidden: is a namespace of Kubernetes or of the cluster's own; take another name`,
		`namespaces[loose].podSecurityReason: Required value: say why its pods need more than the restricted standard allows`,
		`namespaces[odd].podSecurity: Unsupported value: "strict": supported values: "restricted", "baseline", "privileged"`,
		`externalDns.zoneIds: Required value: give the hosted zones that it may change`,
		`externalDns.domains[0]: Invalid value: "apps": must be a DNS domain, such as apps.example.com`,
		`addonVersions[core-dns]: Unsupported value: "core-dns"`,
		`addonVersions[core-dns]: Invalid value: "1.12": must be a version of an EKS add-on, such as v1.13.2-eksbuild.4`,
		`tags[]: Invalid value: "x": must be an AWS tag: a key of 1 to 128 characters, a value of at most 256`,
		`tags[kubernetes.io/cluster/other]: Forbidden: is a tag of AWS, Karpenter or a driver, which set it themselves; take another key`,
	} {
		require.ErrorContains(t, err, want)
	}
	require.Empty(t, rec.Names(clusterType))
	require.Empty(t, rec.Names("tandem:index:Cluster"))
}

func TestAnAddonNewerThanTheClusterIsRefused(t *testing.T) {
	a := args()
	a.AddonVersions = map[string]string{"kube-proxy": "v1.35.3-eksbuild.2"}
	require.ErrorContains(t, a.Validate("c"),
		`addonVersions[kube-proxy]: Invalid value: "v1.35.3-eksbuild.2": must not be newer than the cluster, which is 1.34`)
}

func TestKarpentersArgumentsNeedKarpenter(t *testing.T) {
	a := args()
	a.Autoscaler, a.Karpenter.DiskSizeGiB = cluster.AutoscalerNone, 100
	require.ErrorContains(t, a.Validate("c"), `karpenter: Forbidden: says nothing while autoscaler is none; take it away, or set autoscaler to karpenter`)
	a.Autoscaler = "magic"
	require.ErrorContains(t, a.Validate("c"), `autoscaler: Unsupported value: "magic": supported values: "karpenter", "cluster-autoscaler", "none"`)
}

func TestDefaultsAreValid(t *testing.T) {
	require.NoError(t, args().Validate("c"))
	for _, version := range cluster.Versions() {
		a := args()
		a.Version = version
		require.NoError(t, a.Validate("c"), version)
	}
}
