package transit

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:       "cloudfront-origin-tls-version",
	Title:    "CloudFront talks TLS 1.2 to its custom origins.",
	Severity: rule.Medium,
	Description: "CloudFront takes the best protocol of the list that the origin knows, so the worst one is what an " +
		"attacker gets.",
	Remedy: "set originSslProtocols to TLSv1.2 alone",
	Check:  rule.That("origins.*.customOriginConfig?.originSslProtocols", rule.HasNone("SSLv3", "TLSv1", "TLSv1.1")),
}.On("aws:cloudfront/distribution:Distribution", rule.Properties{
	"enabled": true,
	"origins": []any{map[string]any{"originId": "web", "domainName": "web.tandem.example", "customOriginConfig": map[string]any{"httpPort": 80.0, "httpsPort": 443.0, "originProtocolPolicy": "https-only", "originSslProtocols": []any{"TLSv1.2"}}}},
}, "origins.0.customOriginConfig.originSslProtocols", []any{"TLSv1.1", "TLSv1.2"}, []any{"SSLv3"}))
