package audit

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "api-gateway-tracing",
	Title:       "Stages of REST APIs are traced.",
	Severity:    rule.Low,
	Description: "A trace shows where the time of a request goes, and which call failed.",
	Remedy:      "set xrayTracingEnabled to true",
	Check:       rule.That("xrayTracingEnabled", rule.IsTrue),
	Fix:         []rule.Fix{{Property: "xrayTracingEnabled", Value: true}},
}.On("aws:apigateway/stage:Stage", rule.Properties{"deployment": "1", "restApi": "1", "stageName": "live", "xrayTracingEnabled": true}, "xrayTracingEnabled", false, rule.Missing))
