package health

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "dns-health-check-interval",
	Title:       "Route 53 health checks ask every ten seconds.",
	Severity:    rule.Low,
	Description: "At thirty seconds and three failures, a minute and a half pass before anything moves.",
	Remedy:      "set requestInterval to 10",
	Check:       rule.When("type", rule.IsOneOf("HTTP", "HTTPS", "TCP", "HTTP_STR_MATCH", "HTTPS_STR_MATCH"), rule.That("requestInterval", rule.IsAtMost(10))),
	Fix:         []rule.Fix{{Property: "requestInterval", Value: 10.0}},
}.
	On("aws:route53/healthCheck:HealthCheck", rule.Properties{"type": "HTTPS", "fqdn": "tandem.example", "requestInterval": 10.0}, "requestInterval", 30.0, rule.Missing).
	Accepts(rule.Properties{"type": "CALCULATED", "childHealthThreshold": 1.0, "childHealthchecks": []any{"1"}}))
