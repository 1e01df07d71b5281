package transit

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "cloudfront-sni",
	Title:       "CloudFront serves custom certificates by server name.",
	Severity:    rule.Low,
	Description: "Dedicated addresses cost 600 USD a month and distribution and serve clients that no longer exist.",
	Remedy:      "set viewerCertificate.sslSupportMethod to sni-only",
	Check:       rule.When("viewerCertificate.acmCertificateArn", rule.IsSet, rule.That("viewerCertificate.sslSupportMethod", rule.IsOneOf("sni-only"))),
}.
	On("aws:cloudfront/distribution:Distribution", rule.Properties{
		"enabled":           true,
		"viewerCertificate": map[string]any{"acmCertificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/1", "minimumProtocolVersion": "TLSv1.2_2021", "sslSupportMethod": "sni-only"},
	}, "viewerCertificate.sslSupportMethod", "vip").
	Accepts(rule.Properties{
		"enabled":           true,
		"viewerCertificate": map[string]any{"cloudfrontDefaultCertificate": true},
	}))
