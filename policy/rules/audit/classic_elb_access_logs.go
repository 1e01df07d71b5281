package audit

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "classic-elb-access-logs",
	Title:       "Classic load balancers log requests.",
	Severity:    rule.Medium,
	Description: "Without a log nobody can say who asked for what, or since when.",
	Remedy:      "set accessLogs with a bucket",
	Check:       rule.All(rule.That("accessLogs", rule.IsSet), rule.That("accessLogs.enabled", rule.IsNotFalse)),
}.
	On("aws:elb/loadBalancer:LoadBalancer", rule.Properties{
		"listeners":  []any{},
		"accessLogs": map[string]any{"bucket": "logs", "enabled": true},
	}, "accessLogs.enabled", false).
	On("aws:elb/loadBalancer:LoadBalancer", rule.Properties{
		"listeners":  []any{},
		"accessLogs": map[string]any{"bucket": "logs", "enabled": true},
	}, "accessLogs", rule.Missing))
