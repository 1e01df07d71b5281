package transit

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "acm-certificate-key-strength",
	Title:       "Keys of certificates are strong enough.",
	Severity:    rule.Medium,
	Description: "A key of 1024 bits is within reach of those who have the means; no browser accepts one.",
	Remedy:      "set keyAlgorithm to RSA_2048 or EC_prime256v1",
	Check:       rule.That("keyAlgorithm", rule.IsNoneOf("RSA_1024")),
}.On("aws:acm/certificate:Certificate", rule.Properties{
	"domainName":       "tandem.example",
	"validationMethod": "DNS",
	"keyAlgorithm":     "RSA_2048",
}, "keyAlgorithm", "RSA_1024"))
