package health

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "ecs-circuit-breaker-rolls-back",
	Title:       "Deployments of ECS services that stop are rolled back.",
	Severity:    rule.Low,
	Description: "A deployment that stops half way leaves the service half way.",
	Remedy:      "set deploymentCircuitBreaker.rollback to true",
	Check:       rule.That("deploymentCircuitBreaker?.rollback", rule.IsTrue),
}.On("aws:ecs/service:Service", rule.Properties{
	"taskDefinition":           "web",
	"deploymentCircuitBreaker": map[string]any{"enable": true, "rollback": true},
}, "deploymentCircuitBreaker.rollback", false))
