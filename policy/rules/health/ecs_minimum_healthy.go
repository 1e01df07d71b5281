package health

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "ecs-minimum-healthy",
	Title:       "Deployments of ECS services keep tasks running.",
	Severity:    rule.Medium,
	Description: "With zero, every deployment is an outage. The default is 100.",
	Remedy:      "leave deploymentMinimumHealthyPercent out, or set it to 50 or more",
	Check:       rule.When("schedulingStrategy", rule.IsNoneOf("DAEMON"), rule.That("deploymentMinimumHealthyPercent?", rule.IsAtLeast(50))),
	Fix:         []rule.Fix{{Property: "deploymentMinimumHealthyPercent", Value: 100.0}},
}.On("aws:ecs/service:Service", rule.Properties{"taskDefinition": "web", "deploymentMinimumHealthyPercent": 100.0}, "deploymentMinimumHealthyPercent", 0.0))
