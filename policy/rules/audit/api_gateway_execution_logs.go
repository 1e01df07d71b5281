package audit

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "api-gateway-execution-logs",
	Title:       "Methods of REST APIs log what fails.",
	Severity:    rule.Low,
	Description: "Without the log of executions nobody can say why an answer was an error.",
	Remedy:      "set settings.loggingLevel to ERROR",
	Check:       rule.That("settings.loggingLevel", rule.IsOneOf("ERROR", "INFO")),
	Fix:         []rule.Fix{{Property: "settings.loggingLevel", Value: "ERROR"}},
}.On("aws:apigateway/methodSettings:MethodSettings", rule.Properties{
	"methodPath": "*/*",
	"restApi":    "1",
	"stageName":  "live",
	"settings":   map[string]any{"loggingLevel": "ERROR"},
}, "settings.loggingLevel", "OFF", rule.Missing))
