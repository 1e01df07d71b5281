package cluster_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tandem-platform/tandem/components/cluster"
)

const (
	namespaceType = "kubernetes:core/v1:Namespace"
	policyObject  = "kubernetes:networking.k8s.io/v1:NetworkPolicy"
)

func TestNamespacesDenyWhatNobodyAllowedAndHardenPods(t *testing.T) {
	a := args()
	a.ExternalSecrets = true
	a.Namespaces = map[string]cluster.Namespace{
		"team":  {Labels: map[string]string{"team": "checkout"}},
		"agent": {PodSecurity: cluster.PodSecurityPrivileged, PodSecurityReason: "reads the host's logs"},
	}
	rec := run(t, false, a)
	require.Equal(t, []string{"c-namespace-agent", "c-namespace-external-secrets", "c-namespace-team"}, rec.Names(namespaceType))
	require.Equal(t, map[string]any{
		"name": "team",
		"labels": map[string]any{
			"team": "checkout", "pod-security.kubernetes.io/enforce": "restricted",
			"pod-security.kubernetes.io/audit": "restricted", "pod-security.kubernetes.io/warn": "restricted",
		},
	}, rec.Get(t, namespaceType, "c-namespace-team").Plain()["metadata"])
	agent := rec.Get(t, namespaceType, "c-namespace-agent").Plain()["metadata"].(map[string]any)
	require.Equal(t, "privileged", agent["labels"].(map[string]any)["pod-security.kubernetes.io/enforce"])
	require.Equal(t, map[string]any{"tandem/pod-security-reason": "reads the host's logs"}, agent["annotations"])

	for _, namespace := range []string{"default", "team", "agent", "external-secrets"} {
		policies := map[string]any{}
		for _, name := range rec.Names(policyObject) {
			if in := rec.Get(t, policyObject, name).Plain(); in["metadata"].(map[string]any)["namespace"] == namespace {
				policies[strings.TrimPrefix(name, "c-"+namespace+"-")] = in["spec"]
			}
		}
		if namespace == "external-secrets" {
			golden(t, "network-policies-operator", policies)
		} else {
			golden(t, "network-policies", policies)
		}
	}
	waitsFor(t, rec, policyObject, "c-team-default-deny", namespaceType+"::c-namespace-team")
}
