package transit

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "cloudfront-behaviors-https",
	Title:       "Every ordered behaviour of CloudFront serves viewers over HTTPS.",
	Severity:    rule.High,
	Description: "A behaviour of a path overrides the default one, also in this.",
	Remedy:      "set its viewerProtocolPolicy to redirect-to-https",
	Check:       rule.That("orderedCacheBehaviors.*.viewerProtocolPolicy", rule.IsOneOf("redirect-to-https", "https-only")),
}.On("aws:cloudfront/distribution:Distribution", rule.Properties{
	"enabled":               true,
	"orderedCacheBehaviors": []any{map[string]any{"pathPattern": "/static/*", "targetOriginId": "static", "viewerProtocolPolicy": "https-only"}},
}, "orderedCacheBehaviors.0.viewerProtocolPolicy", "allow-all"))
