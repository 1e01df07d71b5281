package exposure

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "api-gateway-route-authorized",
	Title:       "Routes of HTTP APIs ask who calls.",
	Severity:    rule.High,
	Description: "A route without authorisation is open to the internet, and that is the default.",
	Remedy:      "set authorizationType to JWT, AWS_IAM or CUSTOM",
	Check:       rule.When("apiKeyRequired", rule.IsNotTrue, rule.That("authorizationType", rule.IsNoneOf("", "NONE"))),
}.On("aws:apigatewayv2/route:Route", rule.Properties{
	"apiId":             "1",
	"routeKey":          "GET /orders",
	"authorizationType": "JWT",
	"authorizerId":      "1",
}, "authorizationType", "NONE", rule.Missing))
