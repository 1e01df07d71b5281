package redundancy

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "ecs-service-count",
	Title:       "ECS services run two tasks or more.",
	Severity:    rule.Medium,
	Description: "One task alone is down whenever it is replaced.",
	Remedy:      "set desiredCount to 2 or more",
	Check:       rule.When("schedulingStrategy", rule.IsNoneOf("DAEMON"), rule.That("desiredCount", rule.IsAtLeast(2))),
}.
	On("aws:ecs/service:Service", rule.Properties{"taskDefinition": "web", "desiredCount": 2.0}, "desiredCount", 1.0, rule.Missing).
	Accepts(rule.Properties{"taskDefinition": "agent", "schedulingStrategy": "DAEMON"}))
