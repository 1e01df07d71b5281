package disruption

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "deployment-progress-deadline",
	Title:       "Deployments give up when they do not get on.",
	Severity:    rule.Low,
	Description: "Without a deadline a broken update waits for ever. The default is ten minutes.",
	Remedy:      "leave spec.progressDeadlineSeconds out",
	Check:       rule.That("spec.progressDeadlineSeconds?", rule.IsAtMost(1800)),
}.On("kubernetes:apps/v1:Deployment", rule.Properties{"spec": map[string]any{"progressDeadlineSeconds": 600.0}}, "spec.progressDeadlineSeconds", 86400.0))
