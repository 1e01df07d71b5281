package disruption

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "disruption-budget-allows-drain",
	Title:       "Disruption budgets let a node be drained.",
	Severity:    rule.Medium,
	Description: "A budget of none blocks every drain: no node can be replaced, and no cluster upgraded.",
	Remedy:      "set spec.maxUnavailable to 1 or more",
	Check:       rule.That("spec.maxUnavailable?", rule.IsNoneOf("0", "0%")),
}.On("kubernetes:policy/v1:PodDisruptionBudget", rule.Properties{
	"spec": map[string]any{"maxUnavailable": 1.0, "selector": map[string]any{"matchLabels": map[string]any{"app": "web"}}},
}, "spec.maxUnavailable", 0.0, "0%"))
