package cluster

import (
	"maps"
	"slices"

	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	rbacv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/rbac/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// rule is a rule of a ClusterRole.
type rule struct{ groups, resources, verbs []string }

var (
	read  = []string{"get", "list", "watch"}
	write = []string{"create", "delete", "get", "list", "patch", "update", "watch"}
)

// rules are what the jobs may do beyond EKS's access policies, which hold for
// objects in namespaces and know none of the controllers' kinds.
var rules = map[Job][]rule{
	JobDeveloper: {
		{[]string{""}, []string{"namespaces", "nodes"}, read},
		{[]string{"metrics.k8s.io"}, []string{"nodes", "pods"}, read},
		{[]string{"autoscaling.k8s.io"}, []string{"verticalpodautoscalers"}, read},
		{[]string{"elbv2.k8s.aws"}, []string{"targetgroupbindings"}, read},
		{[]string{"external-secrets.io"}, []string{"externalsecrets", "clustersecretstores"}, read},
	},
	JobDevOpsEngineer: {
		{[]string{""}, []string{"namespaces"}, write},
		{[]string{""}, []string{"nodes", "persistentvolumes"}, read},
		{[]string{"scheduling.k8s.io"}, []string{"priorityclasses"}, write},
		{[]string{"storage.k8s.io"}, []string{"storageclasses"}, write},
		{[]string{"apiextensions.k8s.io"}, []string{"customresourcedefinitions"}, read},
		{[]string{"karpenter.k8s.aws"}, []string{"ec2nodeclasses"}, write},
		{[]string{"karpenter.sh"}, []string{"nodeclaims", "nodepools"}, write},
		{[]string{"autoscaling.k8s.io"}, []string{"verticalpodautoscalers"}, write},
		{[]string{"elbv2.k8s.aws"}, []string{"targetgroupbindings"}, write},
		{[]string{"external-secrets.io"}, []string{"clustersecretstores", "externalsecrets", "secretstores"}, write},
		{[]string{"metrics.k8s.io"}, []string{"nodes", "pods"}, read},
	},
	JobSecurityAuditor: {
		{[]string{""}, []string{"namespaces", "nodes", "persistentvolumes", "serviceaccounts"}, read},
		{[]string{"admissionregistration.k8s.io"}, []string{"*"}, read},
		{[]string{"apiextensions.k8s.io"}, []string{"customresourcedefinitions"}, read},
		{[]string{"apiregistration.k8s.io"}, []string{"apiservices"}, read},
		{[]string{"certificates.k8s.io"}, []string{"certificatesigningrequests"}, read},
		{[]string{"networking.k8s.io"}, []string{"*"}, read},
		{[]string{"rbac.authorization.k8s.io"}, []string{"*"}, read},
		{[]string{"storage.k8s.io"}, []string{"*"}, read},
		{[]string{"karpenter.k8s.aws", "karpenter.sh"}, []string{"*"}, read},
		{[]string{"elbv2.k8s.aws"}, []string{"targetgroupbindings"}, read},
		{[]string{"external-secrets.io"}, []string{"clustersecretstores", "externalsecrets", "secretstores"}, read},
	},
	JobOperations: {
		{[]string{""}, []string{"namespaces", "persistentvolumes"}, read},
		{[]string{""}, []string{"nodes"}, []string{"get", "list", "patch", "watch"}},
		{[]string{""}, []string{"pods"}, []string{"delete", "get", "list", "watch"}},
		{[]string{""}, []string{"pods/attach", "pods/eviction", "pods/exec", "pods/portforward"}, []string{"create", "get"}},
		{[]string{"apps"}, []string{"daemonsets", "deployments", "statefulsets"}, []string{"get", "list", "patch", "watch"}},
		{[]string{"apps"}, []string{"deployments/scale", "replicasets/scale", "statefulsets/scale"}, []string{"get", "patch", "update"}},
		{[]string{"batch"}, []string{"jobs"}, []string{"create", "delete", "get", "list", "watch"}},
		{[]string{"karpenter.sh"}, []string{"nodeclaims"}, []string{"delete", "get", "list", "watch"}},
		{[]string{"karpenter.k8s.aws", "karpenter.sh"}, []string{"*"}, read},
		{[]string{"elbv2.k8s.aws"}, []string{"targetgroupbindings"}, read},
		{[]string{"metrics.k8s.io"}, []string{"nodes", "pods"}, read},
	},
}

// group is the Kubernetes group of a job, and the name of its ClusterRole.
func group(j Job) string { return "tandem:" + string(j) }

// makeRBAC gives the jobs of the access entries what EKS's access policies do not.
func (b *builder) makeRBAC() error {
	held := map[Job]bool{}
	for _, a := range b.args.Access {
		held[a.Job] = true
	}
	for _, j := range slices.Sorted(maps.Keys(held)) {
		if len(rules[j]) == 0 {
			continue
		}
		name, meta := b.name+"-"+string(j), &metav1.ObjectMetaArgs{Name: pulumi.String(group(j))}
		list := rbacv1.PolicyRuleArray{}
		for _, r := range rules[j] {
			list = append(list, rbacv1.PolicyRuleArgs{
				ApiGroups: pulumi.ToStringArray(r.groups), Resources: pulumi.ToStringArray(r.resources), Verbs: pulumi.ToStringArray(r.verbs),
			})
		}
		role, err := rbacv1.NewClusterRole(b.ctx, name, &rbacv1.ClusterRoleArgs{Metadata: meta, Rules: list}, b.in, pulumi.Provider(b.provider))
		if err != nil {
			return err
		}
		if _, err := rbacv1.NewClusterRoleBinding(b.ctx, name, &rbacv1.ClusterRoleBindingArgs{
			Metadata: meta,
			RoleRef: rbacv1.RoleRefArgs{
				ApiGroup: pulumi.String("rbac.authorization.k8s.io"), Kind: pulumi.String("ClusterRole"), Name: role.Metadata.Name().Elem(),
			},
			Subjects: rbacv1.SubjectArray{rbacv1.SubjectArgs{
				ApiGroup: pulumi.String("rbac.authorization.k8s.io"), Kind: pulumi.String("Group"), Name: pulumi.String(group(j)),
			}},
		}, b.in, pulumi.Provider(b.provider)); err != nil {
			return err
		}
	}
	return nil
}
