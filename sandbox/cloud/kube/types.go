package kube

import (
	"fmt"

	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	policyv1 "k8s.io/api/policy/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"
	storagev1 "k8s.io/api/storage/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// goTypes are the Go types of the built-in kinds, into which documents are decoded.
var goTypes = map[string]any{
	"v1/ConfigMap":                                    corev1.ConfigMap{},
	"v1/LimitRange":                                   corev1.LimitRange{},
	"v1/Namespace":                                    corev1.Namespace{},
	"v1/ResourceQuota":                                corev1.ResourceQuota{},
	"v1/Secret":                                       corev1.Secret{},
	"v1/Service":                                      corev1.Service{},
	"v1/ServiceAccount":                               corev1.ServiceAccount{},
	"apps/v1/Deployment":                              appsv1.Deployment{},
	"autoscaling/v2/HorizontalPodAutoscaler":          autoscalingv2.HorizontalPodAutoscaler{},
	"batch/v1/CronJob":                                batchv1.CronJob{},
	"networking.k8s.io/v1/NetworkPolicy":              networkingv1.NetworkPolicy{},
	"policy/v1/PodDisruptionBudget":                   policyv1.PodDisruptionBudget{},
	"rbac.authorization.k8s.io/v1/ClusterRole":        rbacv1.ClusterRole{},
	"rbac.authorization.k8s.io/v1/ClusterRoleBinding": rbacv1.ClusterRoleBinding{},
	"rbac.authorization.k8s.io/v1/Role":               rbacv1.Role{},
	"rbac.authorization.k8s.io/v1/RoleBinding":        rbacv1.RoleBinding{},
	"scheduling.k8s.io/v1/PriorityClass":              schedulingv1.PriorityClass{},
	"storage.k8s.io/v1/StorageClass":                  storagev1.StorageClass{},
}

// rulesOf are the rules of the built-in kinds that no schema says, on a document
// and on the same as its Go type.
var rulesOf = map[string]func(typed any, doc map[string]any) field.ErrorList{
	"v1/ConfigMap":                           rule(configMap),
	"v1/LimitRange":                          rule(limitRange),
	"v1/Namespace":                           rule(namespace),
	"v1/ResourceQuota":                       rule(resourceQuota),
	"v1/Secret":                              rule(secret),
	"v1/Service":                             rule(service),
	"apps/v1/Deployment":                     rule(deployment),
	"autoscaling/v2/HorizontalPodAutoscaler": rule(autoscaler),
	"batch/v1/CronJob":                       rule(cronJob),
	"networking.k8s.io/v1/NetworkPolicy":     rule(networkPolicy),
	"policy/v1/PodDisruptionBudget":          rule(disruptionBudget),
	"rbac.authorization.k8s.io/v1/ClusterRole": rule(func(r *rbacv1.ClusterRole) field.ErrorList {
		return policyRules(r.Rules, false)
	}),
	"rbac.authorization.k8s.io/v1/ClusterRoleBinding": rule(func(b *rbacv1.ClusterRoleBinding) field.ErrorList {
		return binding(b.RoleRef, b.Subjects, []string{"ClusterRole"})
	}),
	"rbac.authorization.k8s.io/v1/Role": rule(func(r *rbacv1.Role) field.ErrorList { return policyRules(r.Rules, true) }),
	"rbac.authorization.k8s.io/v1/RoleBinding": rule(func(b *rbacv1.RoleBinding) field.ErrorList {
		return binding(b.RoleRef, b.Subjects, []string{"Role", "ClusterRole"})
	}),
	"scheduling.k8s.io/v1/PriorityClass": rule(priorityClass),
	"storage.k8s.io/v1/StorageClass":     rule(storageClass),
}

// rule makes a rule on a typed object one on any.
func rule[T any](f func(*T) field.ErrorList) func(any, map[string]any) field.ErrorList {
	return func(typed any, _ map[string]any) field.ErrorList { return f(typed.(*T)) }
}

// A fixedField cannot change once an object exists.
type fixedField struct {
	path string
	// reason words the refusal of a value.
	reason func(v any) string
	// missing is what the field is where it is not given.
	missing any
	// unless says that the field of such an object can change after all.
	unless func(old map[string]any) bool
}

func isImmutable(v any) string { return field.Invalid(nil, v, "field is immutable").ErrorBody() }

func forbidden(why string) func(any) string {
	return func(any) string { return "Forbidden: " + why }
}

// immutable are the fields of each kind that cannot change (k8s.io/kubernetes,
// Validate…Update of the kinds).
var immutable = map[string][]fixedField{
	"apps/v1/Deployment": {{path: "spec.selector", reason: isImmutable}},
	"v1/Service": {{path: "spec.clusterIP", reason: isImmutable, unless: func(old map[string]any) bool {
		ip, _ := value(old, "spec.clusterIP").(string)
		return ip == "" // the API server's own choice is in its object, not in ours
	}}},
	"v1/Secret": {
		{path: "type", reason: isImmutable},
		{path: "data", reason: forbidden("field is immutable when `immutable` is set"), unless: mutable},
		{path: "immutable", reason: forbidden("field is immutable when `immutable` is set"), unless: mutable},
	},
	"v1/ConfigMap": {
		{path: "data", reason: forbidden("field is immutable when `immutable` is set"), unless: mutable},
		{path: "binaryData", reason: forbidden("field is immutable when `immutable` is set"), unless: mutable},
		{path: "immutable", reason: forbidden("field is immutable when `immutable` is set"), unless: mutable},
	},
	"v1/ResourceQuota": {
		{path: "spec.scopes", reason: isImmutable},
		{path: "spec.scopeSelector", reason: isImmutable},
	},
	"rbac.authorization.k8s.io/v1/RoleBinding":        roleRef,
	"rbac.authorization.k8s.io/v1/ClusterRoleBinding": roleRef,
	"scheduling.k8s.io/v1/PriorityClass": {
		{path: "value", reason: forbidden("may not be changed in an update."), missing: 0.0},
		{path: "preemptionPolicy", reason: isImmutable, missing: "PreemptLowerPriority"},
	},
	"storage.k8s.io/v1/StorageClass": {
		{path: "parameters", reason: forbidden("updates to parameters are forbidden.")},
		{path: "provisioner", reason: forbidden("updates to provisioner are forbidden.")},
		{path: "reclaimPolicy", reason: forbidden("updates to reclaimPolicy are forbidden."), missing: "Delete"},
		{path: "volumeBindingMode", reason: isImmutable, missing: "Immediate"},
	},
}

// roleRef is the fixed part of a binding.
var roleRef = []fixedField{
	{path: "roleRef.apiGroup", reason: cannotChange("roleRef"), missing: rbacv1.GroupName},
	{path: "roleRef.kind", reason: cannotChange("roleRef")},
	{path: "roleRef.name", reason: cannotChange("roleRef")},
}

func mutable(old map[string]any) bool { return value(old, "immutable") != true }

func cannotChange(what string) func(any) string {
	return func(v any) string { return fmt.Sprintf("Invalid value: %v: cannot change %s", v, what) }
}
