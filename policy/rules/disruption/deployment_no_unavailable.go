package disruption

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "deployment-no-unavailable",
	Title:       "Deployments keep all pods during an update.",
	Severity:    rule.Low,
	Description: "With the default a quarter of the pods is missing while new ones start.",
	Remedy:      "set spec.strategy.rollingUpdate.maxUnavailable to 0",
	Check:       rule.That("spec.strategy.rollingUpdate.maxUnavailable", rule.IsOneOf("0", "0%")),
}.On("kubernetes:apps/v1:Deployment", rule.Properties{
	"spec": map[string]any{"strategy": map[string]any{"type": "RollingUpdate", "rollingUpdate": map[string]any{"maxUnavailable": 0.0, "maxSurge": 1.0}}},
}, "spec.strategy.rollingUpdate.maxUnavailable", "25%", rule.Missing))
