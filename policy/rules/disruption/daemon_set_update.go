package disruption

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "daemon-set-update",
	Title:       "Daemon sets are updated by the cluster.",
	Severity:    rule.Low,
	Description: "With OnDelete a fix reaches a node when somebody deletes the pod.",
	Remedy:      "set spec.updateStrategy.type to RollingUpdate",
	Check:       rule.That("spec.updateStrategy.type", rule.IsNoneOf("OnDelete")),
}.On("kubernetes:apps/v1:DaemonSet", rule.Properties{"spec": map[string]any{"updateStrategy": map[string]any{"type": "RollingUpdate"}}}, "spec.updateStrategy.type", "OnDelete"))
