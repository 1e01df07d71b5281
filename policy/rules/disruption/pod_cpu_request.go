package disruption

import (
	"github.com/tandem-platform/tandem/policy/rule"
	"github.com/tandem-platform/tandem/policy/rules/internal/pods"
)

var _ = rules.Add(pods.OnContainer(rule.Rule{
	ID:          "pod-cpu-request",
	Title:       "Containers request processor time.",
	Severity:    rule.Medium,
	Description: "Without a request the scheduler takes the node for empty, and the autoscaler has nothing to reckon with.",
	Remedy:      "set resources.requests.cpu",
	Check:       pods.Serving("resources.requests.cpu", rule.IsSet),
}, rule.Properties{"resources": map[string]any{"requests": map[string]any{"cpu": "100m"}}}, "resources.requests.cpu", rule.Missing))
