package audit

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "alb-access-logs",
	Title:       "Load balancers log requests.",
	Severity:    rule.Medium,
	Description: "Without a log nobody can say who asked for what, or since when.",
	Remedy:      "set accessLogs with enabled true and a bucket",
	Check:       rule.That("accessLogs.enabled", rule.IsTrue),
}.On("aws:lb/loadBalancer:LoadBalancer", rule.Properties{"accessLogs": map[string]any{"bucket": "logs", "enabled": true}}, "accessLogs.enabled", false, rule.Missing))
