package transit

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:       "acm-certificate-dns-validation",
	Title:    "Certificates are validated by DNS.",
	Severity: rule.Low,
	Description: "A certificate that was validated by mail is renewed only if somebody answers the mail. One by DNS " +
		"renews as long as the record is there.",
	Remedy: "set validationMethod to DNS",
	Check:  rule.When("certificateAuthorityArn", rule.IsNotSet, rule.When("privateKey", rule.IsNotSet, rule.That("validationMethod", rule.IsOneOf("DNS")))),
}.
	On("aws:acm/certificate:Certificate", rule.Properties{"domainName": "tandem.example", "validationMethod": "DNS"}, "validationMethod", "EMAIL").
	Accepts(rule.Properties{
		"domainName":              "inner.tandem.example",
		"certificateAuthorityArn": "arn:aws:acm-pca:us-east-1:123456789012:certificate-authority/1",
	}))
