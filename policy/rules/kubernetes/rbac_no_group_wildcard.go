package kubernetes

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "rbac-no-group-wildcard",
	Title:       "No role is about every API group.",
	Severity:    rule.Medium,
	Description: "Every group includes those that are installed tomorrow.",
	Remedy:      "list the groups",
	Check:       rule.That("rules.*.apiGroups", rule.HasNone("*")),
}.
	On("kubernetes:rbac.authorization.k8s.io/v1:Role", rule.Properties{
		"rules": []any{map[string]any{"apiGroups": []any{"apps"}, "resources": []any{"deployments"}, "verbs": []any{"get", "list"}}},
	}, "rules.0.apiGroups", []any{"*"}).
	On("kubernetes:rbac.authorization.k8s.io/v1:ClusterRole", rule.Properties{
		"rules": []any{map[string]any{"apiGroups": []any{"apps"}, "resources": []any{"deployments"}, "verbs": []any{"get", "list"}}},
	}, "rules.0.apiGroups", []any{"*"}))
