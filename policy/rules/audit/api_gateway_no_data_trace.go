package audit

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "api-gateway-no-data-trace",
	Title:       "REST APIs do not log whole requests.",
	Severity:    rule.Medium,
	Description: "Whole requests have tokens, passwords and personal data in them.",
	Remedy:      "leave settings.dataTraceEnabled out",
	Check:       rule.That("settings.dataTraceEnabled", rule.IsNotTrue),
	Fix:         []rule.Fix{{Property: "settings.dataTraceEnabled", Value: false}},
}.On("aws:apigateway/methodSettings:MethodSettings", rule.Properties{
	"methodPath": "*/*",
	"restApi":    "1",
	"stageName":  "live",
	"settings":   map[string]any{"loggingLevel": "ERROR", "dataTraceEnabled": false},
}, "settings.dataTraceEnabled", true))
