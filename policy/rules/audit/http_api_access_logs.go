package audit

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "http-api-access-logs",
	Title:       "Stages of HTTP APIs log requests.",
	Severity:    rule.Medium,
	Description: "Without a log nobody can say who asked for what, or since when.",
	Remedy:      "set accessLogSettings",
	Check:       rule.That("accessLogSettings.destinationArn", rule.IsSet),
}.On("aws:apigatewayv2/stage:Stage", rule.Properties{
	"apiId":             "1",
	"name":              "live",
	"accessLogSettings": map[string]any{"destinationArn": "arn:aws:logs:us-east-1:123456789012:log-group:api", "format": "$context.requestId"},
}, "accessLogSettings", rule.Missing))
