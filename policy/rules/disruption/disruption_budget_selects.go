package disruption

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "disruption-budget-selects",
	Title:       "Disruption budgets select some pods.",
	Severity:    rule.Medium,
	Description: "A budget without a selector protects nothing; an empty one is for every pod of the namespace.",
	Remedy:      "set spec.selector.matchLabels",
	Check:       rule.That("spec.selector", rule.IsSet),
}.On("kubernetes:policy/v1:PodDisruptionBudget", rule.Properties{
	"spec": map[string]any{"maxUnavailable": 1.0, "selector": map[string]any{"matchLabels": map[string]any{"app": "web"}}},
}, "spec.selector", rule.Missing, map[string]any{}))
