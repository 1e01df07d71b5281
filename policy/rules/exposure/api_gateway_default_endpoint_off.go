package exposure

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:       "api-gateway-default-endpoint-off",
	Title:    "REST APIs with an own domain turn off the default endpoint.",
	Severity: rule.Low,
	Description: "The default endpoint goes around what stands before the own domain: its WAF, its client certificates " +
		"and its name.",
	Remedy: "set disableExecuteApiEndpoint to true and give the API a custom domain",
	Check:  rule.That("disableExecuteApiEndpoint", rule.IsTrue),
}.On("aws:apigateway/restApi:RestApi", rule.Properties{"name": "orders", "disableExecuteApiEndpoint": true}, "disableExecuteApiEndpoint", false, rule.Missing))
