package disruption

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "deployment-strategy",
	Title:       "Deployments replace their pods one after the other.",
	Severity:    rule.Medium,
	Description: "With Recreate every update is an outage.",
	Remedy:      "set spec.strategy.type to RollingUpdate",
	Check:       rule.That("spec.strategy.type", rule.IsNoneOf("Recreate")),
}.On("kubernetes:apps/v1:Deployment", rule.Properties{"spec": map[string]any{"strategy": map[string]any{"type": "RollingUpdate"}}}, "spec.strategy.type", "Recreate"))
