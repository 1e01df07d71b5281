package audit

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "waf-metrics",
	Title:       "Web ACLs publish metrics.",
	Severity:    rule.Low,
	Description: "Without metrics nobody sees an attack, or a rule that stops customers.",
	Remedy:      "set visibilityConfig.cloudwatchMetricsEnabled to true",
	Check:       rule.That("visibilityConfig.cloudwatchMetricsEnabled", rule.IsTrue),
	Fix:         []rule.Fix{{Property: "visibilityConfig.cloudwatchMetricsEnabled", Value: true}},
}.On("aws:wafv2/webAcl:WebAcl", rule.Properties{
	"scope":            "REGIONAL",
	"visibilityConfig": map[string]any{"cloudwatchMetricsEnabled": true, "metricName": "web", "sampledRequestsEnabled": true},
}, "visibilityConfig.cloudwatchMetricsEnabled", false))
