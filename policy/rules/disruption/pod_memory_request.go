package disruption

import (
	"github.com/tandem-platform/tandem/policy/rule"
	"github.com/tandem-platform/tandem/policy/rules/internal/pods"
)

var _ = rules.Add(pods.OnContainer(rule.Rule{
	ID:          "pod-memory-request",
	Title:       "Containers request memory.",
	Severity:    rule.Medium,
	Description: "Without a request the scheduler takes the node for empty, and such pods are the first to be evicted.",
	Remedy:      "set resources.requests.memory",
	Check:       pods.Serving("resources.requests.memory", rule.IsSet),
}, rule.Properties{"resources": map[string]any{"requests": map[string]any{"memory": "256Mi"}}}, "resources.requests.memory", rule.Missing))
