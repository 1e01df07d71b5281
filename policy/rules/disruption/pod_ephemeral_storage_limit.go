package disruption

import (
	"github.com/tandem-platform/tandem/policy/rule"
	"github.com/tandem-platform/tandem/policy/rules/internal/pods"
)

var _ = rules.Add(pods.OnContainer(rule.Rule{
	ID:          "pod-ephemeral-storage-limit",
	Title:       "Containers have a limit of local storage.",
	Severity:    rule.Low,
	Description: "A log or a temporary file that grows takes the disk of the node, and every pod is evicted.",
	Remedy:      "set resources.limits.ephemeral-storage",
	Check:       pods.Serving("resources.limits.ephemeral-storage", rule.IsSet),
}, rule.Properties{"resources": map[string]any{"limits": map[string]any{"ephemeral-storage": "1Gi"}}}, "resources.limits.ephemeral-storage", rule.Missing))
