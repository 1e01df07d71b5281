package kubernetes

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "rbac-no-verb-wildcard",
	Title:       "No role allows every verb.",
	Severity:    rule.High,
	Description: "Every verb includes escalate, bind and impersonate.",
	Remedy:      "list the verbs",
	Check:       rule.That("rules.*.verbs", rule.HasNone("*")),
}.
	On("kubernetes:rbac.authorization.k8s.io/v1:Role", rule.Properties{
		"rules": []any{map[string]any{"apiGroups": []any{"apps"}, "resources": []any{"deployments"}, "verbs": []any{"get", "list"}}},
	}, "rules.0.verbs", []any{"*"}).
	On("kubernetes:rbac.authorization.k8s.io/v1:ClusterRole", rule.Properties{
		"rules": []any{map[string]any{"apiGroups": []any{"apps"}, "resources": []any{"deployments"}, "verbs": []any{"get", "list"}}},
	}, "rules.0.verbs", []any{"*"}))
