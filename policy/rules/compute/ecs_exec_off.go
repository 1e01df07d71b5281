package compute

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "ecs-exec-off",
	Title:       "ECS services do not let people into their tasks.",
	Severity:    rule.Low,
	Description: "Execute Command is a shell in production, with the role of the task.",
	Remedy:      "leave enableExecuteCommand out; turn it on for the time of an incident",
	Check:       rule.That("enableExecuteCommand", rule.IsNotTrue),
	Fix:         []rule.Fix{{Property: "enableExecuteCommand", Value: false}},
}.On("aws:ecs/service:Service", rule.Properties{"taskDefinition": "web", "enableExecuteCommand": false}, "enableExecuteCommand", true))
