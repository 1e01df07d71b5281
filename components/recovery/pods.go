package recovery

import (
	"maps"
	"slices"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/eks"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	rbacv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/rbac/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// pods are a workload and the fewest pods that it has to have while its region
// takes the load. Key tells workloads apart.
type pods struct {
	Key, Namespace, Autoscaler string
	MinReplicas                int
}

// raisePods raises the lower bound of an autoscaler, where it is lower. The object
// is read and put as a whole: which kind of patch eks:call would send is not
// documented. Without a resource version the put takes what is there by then, the
// autoscaler's own status among it, as Kubernetes does for this kind.
func (p *plan) raisePods(w pods) machine {
	look, enough, least, add, left := "LookAtPods "+w.Key, "EnoughPods? "+w.Key, "LeastPods "+w.Key, "AddPods "+w.Key, "PodsLeft "+w.Key
	of := func(method string, body object) object {
		parameters := object{
			"ClusterName": p.ClusterName, "Endpoint": p.ClusterEndpoint, "CertificateAuthority": p.ClusterAuthority, "Method": method,
			"Path": "/apis/autoscaling/v2/namespaces/" + w.Namespace + "/horizontalpodautoscalers/" + w.Autoscaler,
		}
		if body != nil {
			parameters["RequestBody"] = body
		}
		return parameters
	}
	const bound = "$.pods.spec.minReplicas"
	return machine{StartAt: look, States: map[string]state{
		look: call(callKubernetes, of("GET", nil), enough, on(left, anyError)).keep("$.pods", object{
			"apiVersion.$": "$.ResponseBody.apiVersion", "kind.$": "$.ResponseBody.kind", "metadata.$": "$.ResponseBody.metadata", "spec.$": "$.ResponseBody.spec",
		}),
		enough: choice(left, not(present(bound)).to(least), all(present(bound), rule{Variable: bound, NumericLessThan: ptr(w.MinReplicas)}).to(least)),
		least: {
			Type: "Pass", Result: object{"spec": object{"minReplicas": w.MinReplicas}, "metadata": object{"resourceVersion": ""}},
			ResultPath: "$.least", Next: add,
		},
		add: end(call(callKubernetes, of("PUT", object{
			"apiVersion.$": "$.pods.apiVersion", "kind.$": "$.pods.kind",
			"metadata.$": "States.JsonMerge($.pods.metadata, $.least.metadata, false)", "spec.$": "States.JsonMerge($.pods.spec, $.least.spec, false)",
		}), "", on(left, anyError))),
		left: {Type: "Pass", Comment: "As many as there were", End: true},
	}}
}

// makeAccess lets the takeover read and change the autoscalers of the workloads,
// and nothing else of the cluster.
func (b *builder) makeAccess() error {
	if len(b.args.Workloads) == 0 {
		return nil
	}
	name := b.name + "-takeover"
	group := "tandem:" + name
	if _, err := eks.NewAccessEntry(b.ctx, name, &eks.AccessEntryArgs{
		ClusterName:      b.args.ClusterName,
		PrincipalArn:     b.takeover.RoleArn,
		KubernetesGroups: pulumi.StringArray{pulumi.String(group)},
		Tags:             tags(name),
	}, b.in); err != nil {
		return err
	}
	for _, key := range slices.Sorted(maps.Keys(b.args.Workloads)) {
		w, name := b.args.Workloads[key], name+"-"+key
		meta := &metav1.ObjectMetaArgs{Name: pulumi.String(name), Namespace: w.Namespace}
		role, err := rbacv1.NewRole(b.ctx, name, &rbacv1.RoleArgs{
			Metadata: meta,
			Rules: rbacv1.PolicyRuleArray{rbacv1.PolicyRuleArgs{
				ApiGroups:     pulumi.ToStringArray([]string{"autoscaling"}),
				Resources:     pulumi.ToStringArray([]string{"horizontalpodautoscalers"}),
				ResourceNames: pulumi.ToStringArray([]string{w.Autoscaler}),
				Verbs:         pulumi.ToStringArray([]string{"get", "update"}),
			}},
		}, b.in)
		if err != nil {
			return err
		}
		if _, err := rbacv1.NewRoleBinding(b.ctx, name, &rbacv1.RoleBindingArgs{
			Metadata: meta,
			RoleRef: rbacv1.RoleRefArgs{
				ApiGroup: pulumi.String("rbac.authorization.k8s.io"), Kind: pulumi.String("Role"), Name: role.Metadata.Name().Elem(),
			},
			Subjects: rbacv1.SubjectArray{rbacv1.SubjectArgs{
				ApiGroup: pulumi.String("rbac.authorization.k8s.io"), Kind: pulumi.String("Group"), Name: pulumi.String(group),
			}},
		}, b.in); err != nil {
			return err
		}
	}
	return nil
}
