package transit

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "transfer-server-security-policy",
	Title:       "Transfer servers name a current security policy.",
	Severity:    rule.Medium,
	Description: "The default is a policy of 2018 with algorithms that nobody would choose today.",
	Remedy:      "set securityPolicyName to TransferSecurityPolicy-2024-01 or a later one",
	Check:       rule.That("securityPolicyName", rule.IsNoneOf("", "TransferSecurityPolicy-2018-11", "TransferSecurityPolicy-2020-06", "TransferSecurityPolicy-FIPS-2020-06")),
}.On("aws:transfer/server:Server", rule.Properties{"securityPolicyName": "TransferSecurityPolicy-2024-01"}, "securityPolicyName", "TransferSecurityPolicy-2018-11", rule.Missing))
