package transit

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "dms-endpoint-tls",
	Title:       "DMS endpoints use TLS.",
	Severity:    rule.Medium,
	Description: "A migration copies a whole database over a network between two accounts, regions or sites.",
	Remedy:      "set sslMode to verify-full",
	Check:       rule.When("engineName", rule.IsNoneOf("s3", "kinesis", "dynamodb", "opensearch", "neptune"), rule.That("sslMode", rule.IsOneOf("require", "verify-ca", "verify-full"))),
}.
	On("aws:dms/endpoint:Endpoint", rule.Properties{
		"endpointId":   "source",
		"endpointType": "source",
		"engineName":   "postgres",
		"sslMode":      "verify-full",
	}, "sslMode", "none", rule.Missing).
	Accepts(rule.Properties{"endpointId": "target", "endpointType": "target", "engineName": "s3"}))
