package cluster_test

import (
	"encoding/json"
	"testing"

	awseks "github.com/pulumi/pulumi-aws/sdk/v6/go/aws/eks"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"github.com/tandem-platform/tandem/components/cluster"
	"github.com/tandem-platform/tandem/internal/mocktest"
)

const (
	clusterType  = "eks:index:Cluster"
	nodeType     = "aws:eks/nodeGroup:NodeGroup"
	addonType    = "aws:eks/addon:Addon"
	templateType = "aws:ec2/launchTemplate:LaunchTemplate"
)

// args returns arguments that are valid, to be changed by a test.
func args() *cluster.ClusterArgs {
	return &cluster.ClusterArgs{
		Region:    "us-west-2",
		VPCID:     pulumi.String("vpc-1"),
		SubnetIDs: pulumi.ToStringArray([]string{"subnet-1", "subnet-2"}),
	}
}

// run makes a cluster. In the place of pulumi-eks's own children, which only its
// Node component makes, the program registers the one that outputs refer to.
func run(t *testing.T, preview bool, a *cluster.ClusterArgs) *mocktest.Recording {
	t.Helper()
	rec, err := try(preview, a)
	require.NoError(t, err)
	return rec
}

func try(preview bool, a *cluster.ClusterArgs) (*mocktest.Recording, error) {
	const eksURN = "urn:pulumi:test::tandem::aws:eks/cluster:Cluster::made-by-pulumi-eks"
	object := func(m map[string]any) resource.PropertyValue {
		return resource.NewObjectProperty(resource.NewPropertyMapFromMap(m))
	}
	return mocktest.Run(func(ctx *pulumi.Context) error {
		made, err := awseks.NewCluster(ctx, "made-by-pulumi-eks", &awseks.ClusterArgs{
			RoleArn: pulumi.String("arn"), VpcConfig: awseks.ClusterVpcConfigArgs{SubnetIds: pulumi.StringArray{}},
		})
		if err != nil {
			return err
		}
		if a.VPCID != nil { // has the component's cluster wait until the one that it refers to is there
			a.VPCID = made.ID().ApplyT(func(pulumi.ID) string { return "vpc-1" }).(pulumi.StringOutput)
		}
		_, err = cluster.NewCluster(ctx, "c", a)
		return err
	}, mocktest.Options{
		Preview: preview,
		Outputs: func(typ, _ string, _ resource.PropertyMap) resource.PropertyMap {
			switch typ {
			case clusterType:
				return resource.PropertyMap{"eksCluster": resource.MakeCustomResourceReference(eksURN, "made-by-pulumi-eks-id", "")}
			case "aws:eks/cluster:Cluster":
				return resource.PropertyMap{
					"name":                 resource.NewStringProperty("c"),
					"endpoint":             resource.NewStringProperty("https://c.eks.amazonaws.com"),
					"certificateAuthority": object(map[string]any{"data": "Q0E="}),
					"identities": resource.NewArrayProperty([]resource.PropertyValue{
						object(map[string]any{"oidcs": []any{map[string]any{"issuer": "https://oidc.eks.us-west-2.amazonaws.com/id/1"}}}),
					}),
					"vpcConfig": object(map[string]any{"clusterSecurityGroupId": "sg-1", "subnetIds": []any{"subnet-1"}}),
				}
			case templateType:
				return resource.PropertyMap{"latestVersion": resource.NewNumberProperty(7)}
			}
			return nil
		},
	})
}

func TestControlPlaneIsPrivateEncryptedAndLogged(t *testing.T) {
	rec := run(t, false, args())
	in := rec.Get(t, clusterType, "c").Plain()
	require.Equal(t, true, in["endpointPrivateAccess"])
	require.Equal(t, false, in["endpointPublicAccess"])
	require.NotContains(t, in, "publicAccessCidrs")
	require.Equal(t, "API", in["authenticationMode"])
	require.Equal(t, []any{"api", "audit", "authenticator", "controllerManager", "scheduler"}, in["enabledClusterLogTypes"])
	require.Equal(t, "arn:aws:kms:::c-kubernetes-secrets", in["encryptionConfigKeyArn"])
	require.Equal(t, []any{"subnet-1", "subnet-2"}, in["privateSubnetIds"])
	require.Equal(t, cluster.DefaultVersion, in["version"])
	require.Equal(t, true, rec.Get(t, "aws:kms/key:Key", "c-kubernetes-secrets").Plain()["enableKeyRotation"])

	logs := rec.Get(t, "aws:cloudwatch/logGroup:LogGroup", "c-control-plane").Plain()
	require.Equal(t, "/aws/eks/c/cluster", logs["name"])
	require.InDelta(t, 365, logs["retentionInDays"], 0)
}

// Whatever would have pulumi-eks run kubectl or dial the issuer stays off.
func TestNothingIsDoneBehindTheEnginesBack(t *testing.T) {
	in := run(t, false, args()).Get(t, clusterType, "c").Plain()
	require.Equal(t, true, in["useDefaultVpcCni"])
	require.Equal(t, true, in["skipDefaultNodeGroup"])
	require.Equal(t, false, in["createOidcProvider"])
	require.NotContains(t, in, "fargate")
}

func TestPublicEndpointIsLimitedToTheListedBlocks(t *testing.T) {
	a := args()
	a.PublicAccessCIDRs = []string{"203.0.113.0/24"}
	in := run(t, false, a).Get(t, clusterType, "c").Plain()
	require.Equal(t, true, in["endpointPublicAccess"])
	require.Equal(t, []any{"203.0.113.0/24"}, in["publicAccessCidrs"])
}

func TestPeeredNetworksReachThePrivateEndpoint(t *testing.T) {
	a := args()
	a.PrivateAccessCIDRs = []string{"10.9.0.0/16"}
	in := run(t, false, a).Get(t, "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "c-api-10.9.0.0/16").Plain()
	require.Equal(t, "sg-1", in["securityGroupId"])
	require.Equal(t, "10.9.0.0/16", in["cidrIpv4"])
	require.InDelta(t, 443, in["fromPort"], 0)
	require.InDelta(t, 443, in["toPort"], 0)
}

func TestAccessEntries(t *testing.T) {
	a := args()
	a.Access = map[string]cluster.Access{
		"operations": {PrincipalARN: "arn:aws:iam::123456789012:role/operations", Policy: cluster.AccessClusterAdmin},
		"developer":  {PrincipalARN: "arn:aws:iam::123456789012:role/developer", Policy: cluster.AccessEdit, Namespaces: []string{"web"}},
	}
	in := run(t, false, a).Get(t, clusterType, "c").Plain()["accessEntries"]
	require.Equal(t, map[string]any{
		"operations": map[string]any{
			"principalArn": "arn:aws:iam::123456789012:role/operations",
			"accessPolicies": map[string]any{"policy": map[string]any{
				"policyArn":   "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
				"accessScope": map[string]any{"type": "cluster"},
			}},
		},
		"developer": map[string]any{
			"principalArn": "arn:aws:iam::123456789012:role/developer",
			"accessPolicies": map[string]any{"policy": map[string]any{
				"policyArn":   "arn:aws:eks::aws:cluster-access-policy/AmazonEKSEditPolicy",
				"accessScope": map[string]any{"type": "namespace", "namespaces": []any{"web"}},
			}},
		},
	}, in)
}

func TestNodeGroups(t *testing.T) {
	a := args()
	a.NodeGroups = map[string]cluster.NodeGroup{
		"baseline": {},
		"batch": {
			Spot: true, InstanceTypes: []string{"m7g.large", "m6g.large"}, MinSize: 1, MaxSize: 20, DiskSizeGiB: 80,
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
	require.Equal(t, map[string]any{"minSize": 3.0, "maxSize": 10.0, "desiredSize": 3.0}, in["scalingConfig"])
	require.Equal(t, map[string]any{"id": "c-baseline-id", "version": "7"}, in["launchTemplate"])
	require.Equal(t, []string{"scalingConfig.desiredSize"}, baseline.IgnoreChanges)

	in = rec.Get(t, nodeType, "c-batch").Plain()
	require.Equal(t, "SPOT", in["capacityType"])
	require.Equal(t, []any{"m7g.large", "m6g.large"}, in["instanceTypes"])
	require.Equal(t, map[string]any{"team": "data"}, in["labels"])
	require.Equal(t, []any{map[string]any{"key": "batch", "value": "true", "effect": "NO_SCHEDULE"}}, in["taints"])

	template := rec.Get(t, templateType, "c-batch").Plain()
	metadata := template["metadataOptions"].(map[string]any)
	require.Equal(t, "required", metadata["httpTokens"])
	require.InDelta(t, 1, metadata["httpPutResponseHopLimit"], 0)
	disk := template["blockDeviceMappings"].([]any)[0].(map[string]any)["ebs"].(map[string]any)
	require.Equal(t, "true", disk["encrypted"])
	require.Equal(t, "gp3", disk["volumeType"])
	require.InDelta(t, 80, disk["volumeSize"], 0)
}

func TestNodesWaitForTheNetworkAndPodsForNodes(t *testing.T) {
	rec := run(t, false, args())
	waitsFor := func(typ, name, other string) {
		t.Helper()
		require.Contains(t, rec.Get(t, typ, name).DependsOn, "urn:pulumi:test::tandem::tandem:index:Cluster$"+other)
	}
	waitsFor(nodeType, "c-baseline", addonType+"::c-vpc-cni")
	waitsFor(nodeType, "c-baseline", addonType+"::c-kube-proxy")
	waitsFor(nodeType, "c-baseline", "aws:iam/rolePolicyAttachment:RolePolicyAttachment::c-node-AmazonEKSWorkerNodePolicy")
	waitsFor(addonType, "c-coredns", nodeType+"::c-baseline")
	waitsFor(addonType, "c-aws-ebs-csi-driver", nodeType+"::c-baseline")
	waitsFor("kubernetes:helm.sh/v3:Release", "c-aws-load-balancer-controller", nodeType+"::c-baseline")
}

func TestAddonsArePinnedAndHaveRolesOfTheirOwn(t *testing.T) {
	a := args()
	a.AddonVersions = map[string]string{"coredns": "v1.12.9-eksbuild.1"}
	rec := run(t, false, a)
	require.Equal(t, []string{"c-aws-ebs-csi-driver", "c-coredns", "c-eks-pod-identity-agent", "c-kube-proxy", "c-vpc-cni"}, rec.Names(addonType))
	for _, name := range rec.Names(addonType) {
		require.Regexp(t, `^v\d+\.\d+\.\d+-eksbuild\.\d+$`, rec.Get(t, addonType, name).Plain()["addonVersion"], name)
	}
	require.Equal(t, "v1.12.9-eksbuild.1", rec.Get(t, addonType, "c-coredns").Plain()["addonVersion"])
	require.Equal(t, []any{map[string]any{"roleArn": "arn:aws:iam:::c-vpc-cni", "serviceAccount": "aws-node"}},
		rec.Get(t, addonType, "c-vpc-cni").Plain()["podIdentityAssociations"])
	require.NotContains(t, rec.Names("aws:iam/rolePolicyAttachment:RolePolicyAttachment"), "c-node-AmazonEKS_CNI_Policy")
}

func TestKubeconfigNamesTheRegion(t *testing.T) {
	a := args()
	a.KubectlRoleARN = "arn:aws:iam::123456789012:role/deployer"
	text := run(t, false, a).Get(t, "pulumi:providers:kubernetes", "c-kubernetes").Plain()["kubeconfig"].(string)
	var config map[string]any
	require.NoError(t, json.Unmarshal([]byte(text), &config))
	require.JSONEq(t, `{
	  "apiVersion": "v1", "kind": "Config", "current-context": "c",
	  "clusters": [{"name": "c", "cluster": {"server": "https://c.eks.amazonaws.com", "certificate-authority-data": "Q0E="}}],
	  "contexts": [{"name": "c", "context": {"cluster": "c", "user": "c"}}],
	  "users": [{"name": "c", "user": {"exec": {
	    "apiVersion": "client.authentication.k8s.io/v1", "command": "aws", "interactiveMode": "Never",
	    "args": ["--region", "us-west-2", "eks", "get-token", "--cluster-name", "c", "--output", "json",
	             "--role-arn", "arn:aws:iam::123456789012:role/deployer"]}}}]
	}`, text)
}

func TestTheLoadBalancerControllerCanChangeTargetsAndNothingElse(t *testing.T) {
	rec := run(t, false, args())
	policy := rec.Get(t, "aws:iam/rolePolicy:RolePolicy", "c-aws-load-balancer-controller").Plain()["policy"].(string)
	var document struct {
		Statement []struct {
			Action   []string
			Resource string
		}
	}
	require.NoError(t, json.Unmarshal([]byte(policy), &document))
	for _, s := range document.Statement {
		for _, action := range s.Action {
			require.Regexp(t, `^(ec2:Describe|elasticloadbalancing:(Describe|(Der|R)egisterTargets$))`, action)
		}
	}
	release := rec.Get(t, "kubernetes:helm.sh/v3:Release", "c-aws-load-balancer-controller").Plain()
	require.NotEmpty(t, release["version"])
	require.Equal(t, "c", release["values"].(map[string]any)["clusterName"])
}

func TestPreviewRegistersTheSameResources(t *testing.T) {
	up, preview := run(t, false, args()), run(t, true, args())
	require.Equal(t, up.Types(), preview.Types())
	for _, typ := range up.Types() {
		require.Equal(t, up.Names(typ), preview.Names(typ))
	}
	require.NotContains(t, preview.Get(t, "pulumi:providers:kubernetes", "c-kubernetes").Inputs, "kubeconfig")
}

func TestEveryBadArgumentIsReportedBeforeAnythingIsRegistered(t *testing.T) {
	rec, err := try(false, &cluster.ClusterArgs{
		Region:             "us-west",
		Version:            "1.34.1",
		PublicAccessCIDRs:  []string{"0.0.0.0/0", "10.0.0.1/24"},
		PrivateAccessCIDRs: []string{"10.9.0.0"},
		KubectlRoleARN:     "deployer",
		LogRetentionDays:   8,
		Access:             map[string]cluster.Access{"dev": {PrincipalARN: "dev", Policy: "admin"}},
		NodeGroups: map[string]cluster.NodeGroup{"Spot": {
			Spot: true, AMIType: "AL2_x86_64", MinSize: 5, MaxSize: 2, DiskSizeGiB: 8, Taints: []cluster.Taint{{Effect: "NoSchedule"}},
		}},
		AddonVersions: map[string]string{"core-dns": "1.12"},
	})
	for _, want := range []string{
		`cluster "c": 19 problems`,
		`region: Invalid value: "us-west": must be an AWS region, such as us-east-1`,
		`vpcId: Required value: give the VPC of the subnets`,
		`subnetIds: Required value: give the private subnets of at least two zones`,
		`version: Invalid value: "1.34.1": must be a minor version of Kubernetes, such as 1.34`,
		`publicAccessCidrs[0]: Invalid value: "0.0.0.0/0": must not be the whole internet; list the blocks of your offices and runners`,
		`publicAccessCidrs[1]: Invalid value: "10.0.0.1/24": must be an IPv4 block in CIDR notation, such as 203.0.113.0/24`,
		`privateAccessCidrs[0]: Invalid value: "10.9.0.0": must be an IPv4 block in CIDR notation, such as 203.0.113.0/24`,
		`access[dev].principalArn: Invalid value: "dev": must be the ARN of an IAM role or user`,
		`access[dev].policy: Unsupported value: "admin": supported values:`,
		`kubectlRoleArn: Invalid value: "deployer": must be the ARN of an IAM role`,
		`logRetentionDays: Invalid value: 8: must be a period that CloudWatch Logs knows`,
		`nodeGroups[Spot]: Invalid value: "Spot": must be lower case letters, digits and hyphens, at most 40`,
		`nodeGroups[Spot].amiType: Unsupported value: "AL2_x86_64"`,
		`nodeGroups[Spot].maxSize: Invalid value: 2: must not be below minSize, which is 5`,
		`nodeGroups[Spot].diskSizeGiB: Invalid value: 8: must be 20 or more; images alone take about 10`,
		`nodeGroups[Spot].taints[0].effect: Unsupported value: "NoSchedule"`,
		`nodeGroups: Forbidden: every group is spot, and AWS can take all of them back at once; set spot to false on one`,
		`addonVersions[core-dns]: Unsupported value: "core-dns"`,
		`addonVersions[core-dns]: Invalid value: "1.12": must be a version of an EKS add-on, such as v1.12.3-eksbuild.1`,
	} {
		require.ErrorContains(t, err, want)
	}
	require.Empty(t, rec.Names(clusterType))
	require.Empty(t, rec.Names("tandem:index:Cluster"))
}
