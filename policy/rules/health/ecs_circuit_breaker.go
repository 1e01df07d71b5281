package health

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "ecs-circuit-breaker",
	Title:       "Deployments of ECS services stop when tasks fail.",
	Severity:    rule.Medium,
	Description: "Otherwise a bad deployment goes on starting tasks that die, for hours.",
	Remedy:      "set deploymentCircuitBreaker.enable and rollback to true",
	Check:       rule.When("deploymentController.type", rule.IsOneOf("", "ECS"), rule.That("deploymentCircuitBreaker.enable", rule.IsTrue)),
}.
	On("aws:ecs/service:Service", rule.Properties{
		"taskDefinition":           "web",
		"deploymentCircuitBreaker": map[string]any{"enable": true, "rollback": true},
	}, "deploymentCircuitBreaker.enable", false).
	Accepts(rule.Properties{
		"taskDefinition":       "web",
		"deploymentController": map[string]any{"type": "EXTERNAL"},
	}))
