package kubernetes

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "rbac-no-resource-wildcard",
	Title:       "No role allows something on every resource.",
	Severity:    rule.High,
	Description: "Every resource includes secrets, and what is installed tomorrow.",
	Remedy:      "list the resources",
	Check:       rule.That("rules.*.resources", rule.HasNone("*")),
}.
	On("kubernetes:rbac.authorization.k8s.io/v1:Role", rule.Properties{
		"rules": []any{map[string]any{"apiGroups": []any{"apps"}, "resources": []any{"deployments"}, "verbs": []any{"get", "list"}}},
	}, "rules.0.resources", []any{"*"}).
	On("kubernetes:rbac.authorization.k8s.io/v1:ClusterRole", rule.Properties{
		"rules": []any{map[string]any{"apiGroups": []any{"apps"}, "resources": []any{"deployments"}, "verbs": []any{"get", "list"}}},
	}, "rules.0.resources", []any{"*"}))
