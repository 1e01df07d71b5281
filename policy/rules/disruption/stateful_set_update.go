package disruption

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "stateful-set-update",
	Title:       "Stateful sets are updated by the cluster.",
	Severity:    rule.Low,
	Description: "With OnDelete a fix reaches a pod when somebody deletes it.",
	Remedy:      "set spec.updateStrategy.type to RollingUpdate",
	Check:       rule.That("spec.updateStrategy.type", rule.IsNoneOf("OnDelete")),
}.On("kubernetes:apps/v1:StatefulSet", rule.Properties{
	"spec": map[string]any{"serviceName": "db", "updateStrategy": map[string]any{"type": "RollingUpdate"}},
}, "spec.updateStrategy.type", "OnDelete"))
