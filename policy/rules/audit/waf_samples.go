package audit

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "waf-samples",
	Title:       "Web ACLs keep samples of requests.",
	Severity:    rule.Low,
	Description: "A sample shows what a rule stopped, and whether it should have.",
	Remedy:      "set visibilityConfig.sampledRequestsEnabled to true",
	Check:       rule.That("visibilityConfig.sampledRequestsEnabled", rule.IsTrue),
	Fix:         []rule.Fix{{Property: "visibilityConfig.sampledRequestsEnabled", Value: true}},
}.On("aws:wafv2/webAcl:WebAcl", rule.Properties{
	"scope":            "REGIONAL",
	"visibilityConfig": map[string]any{"cloudwatchMetricsEnabled": true, "metricName": "web", "sampledRequestsEnabled": true},
}, "visibilityConfig.sampledRequestsEnabled", false))
