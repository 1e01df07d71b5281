package kubernetes

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "rbac-not-cluster-admin",
	Title:       "Nothing is bound to cluster-admin.",
	Severity:    rule.High,
	Description: "Whoever is cluster-admin may do everything to everyone.",
	Remedy:      "bind a role of what is needed",
	Check:       rule.That("roleRef.name", rule.IsNoneOf("cluster-admin")),
}.
	On("kubernetes:rbac.authorization.k8s.io/v1:RoleBinding", rule.Properties{
		"roleRef":  map[string]any{"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "view"},
		"subjects": []any{map[string]any{"kind": "ServiceAccount", "name": "web", "namespace": "web"}},
	}, "roleRef.name", "cluster-admin").
	On("kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding", rule.Properties{
		"roleRef":  map[string]any{"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "view"},
		"subjects": []any{map[string]any{"kind": "ServiceAccount", "name": "web", "namespace": "web"}},
	}, "roleRef.name", "cluster-admin"))
