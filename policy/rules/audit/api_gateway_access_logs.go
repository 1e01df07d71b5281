package audit

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "api-gateway-access-logs",
	Title:       "Stages of REST APIs log requests.",
	Severity:    rule.Medium,
	Description: "Without a log nobody can say who asked for what, or since when.",
	Remedy:      "set accessLogSettings",
	Check:       rule.That("accessLogSettings.destinationArn", rule.IsSet),
}.On("aws:apigateway/stage:Stage", rule.Properties{
	"deployment":        "1",
	"restApi":           "1",
	"stageName":         "live",
	"accessLogSettings": map[string]any{"destinationArn": "arn:aws:logs:us-east-1:123456789012:log-group:api", "format": "$context.requestId"},
}, "accessLogSettings", rule.Missing))
