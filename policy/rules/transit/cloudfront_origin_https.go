package transit

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:       "cloudfront-origin-https",
	Title:    "CloudFront talks HTTPS to its custom origins.",
	Severity: rule.High,
	Description: "Between CloudFront and the origin lies the internet too. With match-viewer an HTTP viewer decides for " +
		"both legs.",
	Remedy: "set originProtocolPolicy to https-only",
	Check:  rule.That("origins.*.customOriginConfig?.originProtocolPolicy", rule.IsOneOf("https-only")),
}.On("aws:cloudfront/distribution:Distribution", rule.Properties{
	"enabled": true,
	"origins": []any{map[string]any{"originId": "web", "domainName": "web.tandem.example", "customOriginConfig": map[string]any{"httpPort": 80.0, "httpsPort": 443.0, "originProtocolPolicy": "https-only", "originSslProtocols": []any{"TLSv1.2"}}}},
}, "origins.0.customOriginConfig.originProtocolPolicy", "http-only", "match-viewer"))
