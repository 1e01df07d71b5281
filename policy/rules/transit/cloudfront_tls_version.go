package transit

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:       "cloudfront-tls-version",
	Title:    "CloudFront talks TLS 1.2 or later to viewers.",
	Severity: rule.Medium,
	Description: "Older versions have known weaknesses and no client that needs them is left in numbers. With " +
		"CloudFront's own certificate the version cannot be chosen.",
	Remedy: "set viewerCertificate.minimumProtocolVersion to TLSv1.2_2021",
	Check:  rule.When("viewerCertificate.cloudfrontDefaultCertificate", rule.IsNotTrue, rule.That("viewerCertificate.minimumProtocolVersion", rule.IsOneOf("TLSv1.2_2018", "TLSv1.2_2019", "TLSv1.2_2021", "TLSv1.2_2025", "TLSv1.3_2025"))),
	Fix:    []rule.Fix{{Property: "viewerCertificate.minimumProtocolVersion", Value: "TLSv1.2_2021"}},
}.On("aws:cloudfront/distribution:Distribution", rule.Properties{
	"enabled":           true,
	"viewerCertificate": map[string]any{"acmCertificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/1", "sslSupportMethod": "sni-only", "minimumProtocolVersion": "TLSv1.2_2021"},
}, "viewerCertificate.minimumProtocolVersion", "TLSv1", "TLSv1.1_2016", rule.Missing))
