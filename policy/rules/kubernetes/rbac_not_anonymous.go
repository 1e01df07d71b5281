package kubernetes

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "rbac-not-anonymous",
	Title:       "No right is given to those who did not sign in.",
	Severity:    rule.Critical,
	Description: "system:authenticated is everyone with a token, whoever gave it.",
	Remedy:      "name a user, a group or a service account",
	Check:       rule.That("subjects.*.name", rule.IsNoneOf("system:anonymous", "system:unauthenticated", "system:authenticated")),
}.
	On("kubernetes:rbac.authorization.k8s.io/v1:RoleBinding", rule.Properties{
		"roleRef":  map[string]any{"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "view"},
		"subjects": []any{map[string]any{"kind": "Group", "name": "developers", "apiGroup": "rbac.authorization.k8s.io"}},
	}, "subjects.0.name", "system:anonymous", "system:unauthenticated").
	On("kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding", rule.Properties{
		"roleRef":  map[string]any{"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "view"},
		"subjects": []any{map[string]any{"kind": "Group", "name": "developers", "apiGroup": "rbac.authorization.k8s.io"}},
	}, "subjects.0.name", "system:anonymous", "system:unauthenticated"))
