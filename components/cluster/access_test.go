package cluster_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"github.com/tandem-platform/tandem/components/cluster"
)

const (
	clusterRoleType = "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole"
	bindingType     = "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding"
)

func role(name string) pulumi.StringInput {
	return pulumi.String("arn:aws:iam::123456789012:role/" + name)
}

func TestAccessByPolicy(t *testing.T) {
	a := args()
	a.Access = map[string]cluster.Access{
		"break-glass": {PrincipalARN: role("break-glass"), Policy: cluster.AccessClusterAdmin},
		"web":         {PrincipalARN: role("web"), Policy: cluster.AccessEdit, Namespaces: []string{"web"}},
	}
	rec := run(t, false, a)
	require.Equal(t, map[string]any{
		"break-glass": map[string]any{
			"principalArn": "arn:aws:iam::123456789012:role/break-glass",
			"accessPolicies": map[string]any{"policy": map[string]any{
				"policyArn":   "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
				"accessScope": map[string]any{"type": "cluster"},
			}},
		},
		"web": map[string]any{
			"principalArn": "arn:aws:iam::123456789012:role/web",
			"accessPolicies": map[string]any{"policy": map[string]any{
				"policyArn":   "arn:aws:eks::aws:cluster-access-policy/AmazonEKSEditPolicy",
				"accessScope": map[string]any{"type": "namespace", "namespaces": []any{"web"}},
			}},
		},
	}, rec.Get(t, clusterType, "c").Plain()["accessEntries"])
	require.Empty(t, rec.Names(clusterRoleType))
}

// everyJob is an entry for each job.
func everyJob() map[string]cluster.Access {
	return map[string]cluster.Access{
		"developer":        {PrincipalARN: role("developer"), Job: cluster.JobDeveloper, Namespaces: []string{"web"}},
		"devops-engineer":  {PrincipalARN: role("devops"), Job: cluster.JobDevOpsEngineer},
		"security-auditor": {PrincipalARN: role("auditor"), Job: cluster.JobSecurityAuditor},
		"operations":       {PrincipalARN: role("operations"), Job: cluster.JobOperations},
		"jenkins":          {PrincipalARN: role("jenkins"), Job: cluster.JobJenkins, Namespaces: []string{"jenkins"}},
		"pipeline":         {PrincipalARN: role("pipeline"), Job: cluster.JobPipeline},
	}
}

func TestAccessByJob(t *testing.T) {
	a := args()
	a.Access = everyJob()
	rec := run(t, false, a)
	golden(t, "access-entries", rec.Get(t, clusterType, "c").Plain()["accessEntries"])
	// What EKS's policies do not give; the pipeline has everything, and Jenkins no more.
	require.Equal(t, []string{"c-developer", "c-devops-engineer", "c-operations", "c-security-auditor"}, rec.Names(clusterRoleType))
	roles := map[string]any{}
	for _, name := range rec.Names(clusterRoleType) {
		roles[name] = rec.Get(t, clusterRoleType, name).Plain()["rules"]
		binding := rec.Get(t, bindingType, name).Plain()
		group := "tandem:" + name[len("c-"):]
		require.Equal(t, []any{map[string]any{"apiGroup": "rbac.authorization.k8s.io", "kind": "Group", "name": group}}, binding["subjects"])
		require.Equal(t, group, binding["roleRef"].(map[string]any)["name"])
		require.Equal(t, group, rec.Get(t, clusterRoleType, name).Plain()["metadata"].(map[string]any)["name"])
	}
	golden(t, "job-rules", roles)
}

// The promises that the rules of jobs keep, whatever they become.
func TestNoRuleOfAJobReadsSecretsOrGrantsRights(t *testing.T) {
	a := args()
	a.Access = everyJob()
	rec := run(t, false, a)
	for _, name := range rec.Names(clusterRoleType) {
		for _, r := range rec.Get(t, clusterRoleType, name).Plain()["rules"].([]any) {
			rule := r.(map[string]any)
			changes := false
			for _, verb := range rule["verbs"].([]any) {
				require.NotContains(t, []any{"*", "bind", "escalate", "impersonate"}, verb, name)
				changes = changes || (verb != "get" && verb != "list" && verb != "watch")
			}
			for _, group := range rule["apiGroups"].([]any) {
				require.NotEqual(t, "*", group, name)
				for _, resource := range rule["resources"].([]any) {
					require.False(t, group == "" && (resource == "secrets" || resource == "*"), "%s: %v", name, rule)
					require.False(t, group == "rbac.authorization.k8s.io" && changes, "%s: %v", name, rule)
				}
			}
			require.False(t, name == "c-security-auditor" && changes, "%v", rule)
		}
	}
}
