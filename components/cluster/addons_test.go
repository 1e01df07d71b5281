package cluster_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"github.com/tandem-platform/tandem/components/cluster"
)

func TestAddonsArePinned(t *testing.T) {
	a := args()
	a.EFS = true
	a.ExternalDNS = &cluster.ExternalDNS{ZoneIDs: pulumi.ToStringArray([]string{"Z1"}), Domains: []string{"apps.example.com"}}
	a.AddonVersions = map[string]string{"coredns": "v1.12.9-eksbuild.1"}
	rec := run(t, false, a)
	require.Equal(t, []string{
		"c-aws-ebs-csi-driver", "c-aws-efs-csi-driver", "c-coredns", "c-eks-pod-identity-agent", "c-external-dns",
		"c-kube-proxy", "c-metrics-server", "c-vpc-cni",
	}, rec.Names(addonType))
	for _, name := range rec.Names(addonType) {
		require.Regexp(t, `^v\d+\.\d+\.\d+-eksbuild\.\d+$`, rec.Get(t, addonType, name).Plain()["addonVersion"], name)
	}
	require.Equal(t, "v1.12.9-eksbuild.1", rec.Get(t, addonType, "c-coredns").Plain()["addonVersion"])
}

func TestKubeProxyIsOfTheClustersVersion(t *testing.T) {
	for _, version := range cluster.Versions() {
		a := args()
		a.Version = version
		got := run(t, false, a).Get(t, addonType, "c-kube-proxy").Plain()["addonVersion"]
		require.True(t, strings.HasPrefix(got.(string), "v"+version+"."), "%s on %s", got, version)
	}
}

func TestTheCNIEnforcesNetworkPoliciesAndTakesAddressesInBlocks(t *testing.T) {
	golden(t, "vpc-cni-settings", run(t, false, args()).Get(t, addonType, "c-vpc-cni").Plain()["configurationValues"])
}

func TestVolumesCarryTheTags(t *testing.T) {
	a := args()
	require.NotContains(t, run(t, false, a).Get(t, addonType, "c-aws-ebs-csi-driver").Plain(), "configurationValues")
	a.Tags = map[string]string{"platform": "tandem"}
	require.JSONEq(t, `{"controller":{"extraVolumeTags":{"platform":"tandem"}}}`,
		run(t, false, a).Get(t, addonType, "c-aws-ebs-csi-driver").Plain()["configurationValues"].(string))
}

// Every role for pods is that of one service account, and no other can take it on.
func TestEveryPodRoleIsThatOfOneServiceAccount(t *testing.T) {
	a := args()
	a.EFS, a.VerticalPodAutoscaler, a.ExternalSecrets = true, true, true
	a.ExternalDNS = &cluster.ExternalDNS{ZoneIDs: pulumi.ToStringArray([]string{"Z1"}), Domains: []string{"apps.example.com"}}
	rec := run(t, false, a)
	want := map[string][2]string{
		"c-vpc-cni":                      {"kube-system", "aws-node"},
		"c-aws-ebs-csi-driver":           {"kube-system", "ebs-csi-controller-sa"},
		"c-aws-efs-csi-driver":           {"kube-system", "efs-csi-controller-sa"},
		"c-aws-load-balancer-controller": {"kube-system", "aws-load-balancer-controller"},
		"c-karpenter":                    {"kube-system", "karpenter"},
		"c-external-dns":                 {"external-dns", "external-dns"},
	}
	got := map[string][2]string{}
	for _, name := range rec.Names(roleType) {
		text := rec.Get(t, roleType, name).Plain()["assumeRolePolicy"].(string)
		if !strings.Contains(text, "pods.eks.amazonaws.com") {
			continue
		}
		var document struct {
			Statement []struct {
				Action    []string
				Condition struct{ StringEquals map[string]string }
			}
		}
		require.NoError(t, json.Unmarshal([]byte(text), &document))
		require.Len(t, document.Statement, 1)
		require.Equal(t, []string{"sts:AssumeRole", "sts:TagSession"}, document.Statement[0].Action)
		tags := document.Statement[0].Condition.StringEquals
		require.Equal(t, "c", tags["aws:RequestTag/eks-cluster-name"])
		require.Equal(t, "123456789012", tags["aws:SourceAccount"])
		got[name] = [2]string{tags["aws:RequestTag/kubernetes-namespace"], tags["aws:RequestTag/kubernetes-service-account"]}
	}
	require.Equal(t, want, got)

	// And it is given to that account, by the add-on or by an association.
	for name, account := range want {
		arn := "arn:aws:iam:::" + name
		if slices.Contains(rec.Names(identityType), name) {
			in := rec.Get(t, identityType, name).Plain()
			require.Equal(t, account, [2]string{in["namespace"].(string), in["serviceAccount"].(string)}, name)
			require.Equal(t, arn, in["roleArn"], name)
			waitsFor(t, rec, identityType, name, addonType+"::c-eks-pod-identity-agent")
			continue
		}
		require.Equal(t, []any{map[string]any{"roleArn": arn, "serviceAccount": account[1]}},
			rec.Get(t, addonType, name).Plain()["podIdentityAssociations"], name)
	}
}

func TestControllersMayDoNoMoreThanTheyNeed(t *testing.T) {
	a := args()
	a.ExternalDNS = &cluster.ExternalDNS{ZoneIDs: pulumi.ToStringArray([]string{"Z1"}), Domains: []string{"apps.example.com"}}
	rec := run(t, false, a)
	for _, name := range []string{"aws-load-balancer-controller", "karpenter", "external-dns"} {
		golden(t, name+"-policy", rec.Get(t, policyType, "c-"+name).Plain()["policy"])
	}
	a = args()
	a.Autoscaler = cluster.AutoscalerClusterAutoscaler
	golden(t, "cluster-autoscaler-policy", run(t, false, a).Get(t, policyType, "c-cluster-autoscaler").Plain()["policy"])
}

func TestChartsArePinnedAndHaveTypedValues(t *testing.T) {
	a := args()
	a.VerticalPodAutoscaler, a.ExternalSecrets = true, true
	rec := run(t, false, a)
	require.Equal(t, []string{
		"c-aws-load-balancer-controller", "c-external-secrets", "c-karpenter", "c-karpenter-crd", "c-vertical-pod-autoscaler",
	}, rec.Names(releaseType))
	for _, name := range rec.Names(releaseType) {
		in := rec.Get(t, releaseType, name).Plain()
		require.Regexp(t, `^\d+\.\d+\.\d+$`, in["version"], name)
		require.Equal(t, true, in["atomic"], name)
		golden(t, "release-"+strings.TrimPrefix(name, "c-"), in)
	}
	a = args()
	a.Autoscaler = cluster.AutoscalerClusterAutoscaler
	golden(t, "release-cluster-autoscaler", run(t, false, a).Get(t, releaseType, "c-cluster-autoscaler").Plain())
}

func TestExternalDNSKeepsToItsZonesAndDomains(t *testing.T) {
	a := args()
	require.NotContains(t, run(t, false, a).Names(addonType), "c-external-dns")
	a.ExternalDNS = &cluster.ExternalDNS{ZoneIDs: pulumi.ToStringArray([]string{"Z1"}), Domains: []string{"apps.example.com"}}
	require.JSONEq(t, `{"domainFilters":["apps.example.com"],"policy":"sync","registry":"txt","txtOwnerId":"us-west-2-c"}`,
		run(t, false, a).Get(t, addonType, "c-external-dns").Plain()["configurationValues"].(string))
}
