package transit

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "api-gateway-tls-version",
	Title:       "Custom domains of API Gateway talk TLS 1.2 or later.",
	Severity:    rule.Medium,
	Description: "The policy TLS_1_0 takes clients whose encryption can be broken.",
	Remedy:      "set securityPolicy to TLS_1_2",
	Check:       rule.That("securityPolicy", rule.IsNoneOf("", "TLS_1_0")),
	Fix:         []rule.Fix{{Property: "securityPolicy", Value: "TLS_1_2"}},
}.On("aws:apigateway/domainName:DomainName", rule.Properties{"domainName": "api.tandem.example", "securityPolicy": "TLS_1_2"}, "securityPolicy", "TLS_1_0", rule.Missing))
