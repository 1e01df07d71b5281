package redundancy

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "application-autoscaling-minimum",
	Title:       "What Application Auto Scaling scales keeps a spare.",
	Severity:    rule.Low,
	Description: "Scaled down to one task, a service is down whenever it is replaced.",
	Remedy:      "set minCapacity to 2 or more",
	Check:       rule.When("serviceNamespace", rule.IsOneOf("ecs"), rule.That("minCapacity", rule.IsAtLeast(2))),
}.
	On("aws:appautoscaling/target:Target", rule.Properties{
		"serviceNamespace":  "ecs",
		"resourceId":        "service/web/web",
		"scalableDimension": "ecs:service:DesiredCount",
		"maxCapacity":       6.0,
		"minCapacity":       2.0,
	}, "minCapacity", 1.0).
	Accepts(rule.Properties{
		"serviceNamespace":  "dynamodb",
		"resourceId":        "table/sessions",
		"scalableDimension": "dynamodb:table:ReadCapacityUnits",
		"maxCapacity":       10.0,
		"minCapacity":       1.0,
	}))
