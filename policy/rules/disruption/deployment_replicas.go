package disruption

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:       "deployment-replicas",
	Title:    "Deployments have two pods or more.",
	Severity: rule.Medium,
	Description: "One pod alone is down with its node, and with every drain. Where an autoscaler sets the number, leave " +
		"it out.",
	Remedy: "set spec.replicas to 2 or more",
	Check:  rule.When("spec.replicas", rule.IsSet, rule.That("spec.replicas", rule.IsAtLeast(2))),
}.On("kubernetes:apps/v1:Deployment", rule.Properties{"spec": map[string]any{"replicas": 2.0}}, "spec.replicas", 1.0))
