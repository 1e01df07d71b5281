package kubernetes

import (
	"github.com/tandem-platform/tandem/policy/rule"
	"github.com/tandem-platform/tandem/policy/rules/internal/pods"
)

var _ = rules.Add(pods.OnContainer(rule.Rule{
	ID:          "pod-memory-limit",
	Title:       "Containers have a limit of memory.",
	Severity:    rule.Medium,
	Description: "Without one a leak takes the memory of the node, and the kernel kills whatever it likes.",
	Remedy:      "set resources.limits.memory",
	Check:       pods.Serving("resources.limits.memory", rule.IsSet),
}, rule.Properties{"resources": map[string]any{"limits": map[string]any{"memory": "256Mi"}}}, "resources.limits.memory", rule.Missing))
