package health

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "dns-health-check-on",
	Title:       "Route 53 health checks are on.",
	Severity:    rule.High,
	Description: "A check that is disabled is always healthy: traffic stays where nobody answers.",
	Remedy:      "leave disabled out",
	Check:       rule.That("disabled", rule.IsNotTrue),
	Fix:         []rule.Fix{{Property: "disabled", Value: false}},
}.On("aws:route53/healthCheck:HealthCheck", rule.Properties{"type": "HTTPS", "fqdn": "tandem.example", "disabled": false}, "disabled", true))
