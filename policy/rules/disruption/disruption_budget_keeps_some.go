package disruption

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "disruption-budget-keeps-some",
	Title:       "Disruption budgets keep something running.",
	Severity:    rule.Low,
	Description: "A budget of zero protects nothing, and one of all blocks every drain.",
	Remedy:      "set spec.minAvailable between, or spec.maxUnavailable instead",
	Check:       rule.That("spec.minAvailable?", rule.IsNoneOf("0", "0%", "100%")),
}.On("kubernetes:policy/v1:PodDisruptionBudget", rule.Properties{
	"spec": map[string]any{"minAvailable": "50%", "selector": map[string]any{"matchLabels": map[string]any{"app": "web"}}},
}, "spec.minAvailable", 0.0, "100%"))
