package kubernetes

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "network-policy-selects-sources",
	Title:       "No network policy admits everything.",
	Severity:    rule.Medium,
	Description: "A rule without a source admits the whole cluster and the internet.",
	Remedy:      "name pods, namespaces or addresses in from",
	Check:       rule.That("spec.ingress.*.from", rule.IsSet),
}.On("kubernetes:networking.k8s.io/v1:NetworkPolicy", rule.Properties{
	"spec": map[string]any{"podSelector": map[string]any{"matchLabels": map[string]any{"app": "web"}}, "ingress": []any{map[string]any{"from": []any{map[string]any{"podSelector": map[string]any{"matchLabels": map[string]any{"app": "gateway"}}}}}}},
}, "spec.ingress.0.from", rule.Missing, []any{}))
