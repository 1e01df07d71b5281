package network

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "api-gateway-stage-throttled",
	Title:       "Stages of HTTP APIs limit the rate of requests.",
	Severity:    rule.Low,
	Description: "Without a limit one client uses up the rate of the whole account.",
	Remedy:      "set defaultRouteSettings.throttlingRateLimit and throttlingBurstLimit",
	Check:       rule.That("defaultRouteSettings.throttlingRateLimit", rule.IsAtLeast(1)),
}.On("aws:apigatewayv2/stage:Stage", rule.Properties{
	"apiId":                "1",
	"name":                 "live",
	"defaultRouteSettings": map[string]any{"throttlingRateLimit": 100.0, "throttlingBurstLimit": 200.0},
}, "defaultRouteSettings.throttlingRateLimit", rule.Missing))
