package disruption

import (
	"github.com/tandem-platform/tandem/policy/rule"
	"github.com/tandem-platform/tandem/policy/rules/internal/pods"
)

var _ = rules.Add(pods.OnPod(rule.Rule{
	ID:          "pod-termination-grace",
	Title:       "Pods have time to end.",
	Severity:    rule.Low,
	Description: "With none, every update cuts off the requests that are under way. The default is thirty seconds.",
	Remedy:      "leave terminationGracePeriodSeconds out, or set it to 10 or more",
	Check:       pods.That("terminationGracePeriodSeconds?", rule.IsAtLeast(10)),
}, rule.Properties{"terminationGracePeriodSeconds": 30.0}, "terminationGracePeriodSeconds", 0.0))
