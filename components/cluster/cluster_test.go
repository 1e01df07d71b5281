package cluster_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tandem-platform/tandem/components/cluster"
)

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
	key := rec.Get(t, "aws:kms/key:Key", "c-kubernetes-secrets").Plain()
	require.Equal(t, true, key["enableKeyRotation"])
	golden(t, "kubernetes-secrets-key-policy", key["policy"])

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

	a.PublicAccessFromAnywhere = true
	require.ErrorContains(t, a.Validate("c"), `publicAccessCidrs: Forbidden: publicAccessFromAnywhere lets every address in; take one of the two away`)
	a.PublicAccessCIDRs = nil
	in = run(t, false, a).Get(t, clusterType, "c").Plain()
	require.Equal(t, true, in["endpointPublicAccess"])
	require.Equal(t, []any{"0.0.0.0/0"}, in["publicAccessCidrs"])
	require.Equal(t, true, in["endpointPrivateAccess"], "nodes stay within the VPC")
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

func TestKubeconfigNamesTheRegion(t *testing.T) {
	a := args()
	a.KubectlRoleARN = "arn:aws:iam::123456789012:role/deployer"
	golden(t, "kubeconfig", run(t, false, a).Get(t, "pulumi:providers:kubernetes", "c-kubernetes").Plain()["kubeconfig"])
}

// The role that Pulumi comes with gets in by an access entry of pulumi-eks's.
func TestObjectsWaitForAllOfTheControlPlane(t *testing.T) {
	waitsFor(t, run(t, false, args()), "pulumi:providers:kubernetes", "c-kubernetes", clusterType+"::c")
}

func TestTheKeyOfVolumesIsKeptUnlessAllMayBeDestroyed(t *testing.T) {
	a := args()
	key := run(t, false, a).Get(t, "aws:kms/key:Key", "c-volumes")
	require.True(t, key.Protect)
	require.True(t, key.RetainOnDelete)
	golden(t, "volume-key-policy", key.Plain()["policy"])
	a.AllowDestroy = true
	key = run(t, false, a).Get(t, "aws:kms/key:Key", "c-volumes")
	require.False(t, key.Protect)
	require.False(t, key.RetainOnDelete)
}

func TestVolumesThatNameNoClassAreEncryptedUnderTheKey(t *testing.T) {
	in := run(t, false, args()).Get(t, "kubernetes:storage.k8s.io/v1:StorageClass", "c-gp3").Plain()
	require.Equal(t, map[string]any{"type": "gp3", "encrypted": "true", "kmsKeyId": "arn:aws:kms:::c-volumes"}, in["parameters"])
	require.Equal(t, "ebs.csi.aws.com", in["provisioner"])
	require.Equal(t, "WaitForFirstConsumer", in["volumeBindingMode"])
	require.Equal(t, "Retain", in["reclaimPolicy"])
	require.Equal(t, map[string]any{"storageclass.kubernetes.io/is-default-class": "true"}, in["metadata"].(map[string]any)["annotations"])
}

func TestPreviewRegistersTheSameResources(t *testing.T) {
	for _, autoscaler := range []cluster.Autoscaler{cluster.AutoscalerKarpenter, cluster.AutoscalerClusterAutoscaler, cluster.AutoscalerNone} {
		everything := func() *cluster.ClusterArgs {
			a := args()
			a.Autoscaler = autoscaler
			a.EFS, a.VerticalPodAutoscaler, a.ExternalSecrets = true, true, true
			a.Namespaces = map[string]cluster.Namespace{"team": {}}
			a.Fargate = map[string]cluster.FargateProfile{"burst": {Namespace: "team"}}
			return a
		}
		up, preview := run(t, false, everything()), run(t, true, everything())
		require.Equal(t, up.Types(), preview.Types())
		for _, typ := range up.Types() {
			require.Equal(t, up.Names(typ), preview.Names(typ))
		}
		require.NotContains(t, preview.Get(t, "pulumi:providers:kubernetes", "c-kubernetes").Inputs, "kubeconfig")
	}
}
