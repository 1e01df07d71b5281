package transit

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "cloudfront-viewers-https",
	Title:       "CloudFront serves viewers over HTTPS.",
	Severity:    rule.High,
	Description: "With allow-all a viewer who types no scheme is served, and can be served by someone else, in the clear.",
	Remedy:      "set defaultCacheBehavior.viewerProtocolPolicy to redirect-to-https",
	Check:       rule.That("defaultCacheBehavior.viewerProtocolPolicy", rule.IsOneOf("redirect-to-https", "https-only")),
	Fix:         []rule.Fix{{Property: "defaultCacheBehavior.viewerProtocolPolicy", Value: "redirect-to-https"}},
}.On("aws:cloudfront/distribution:Distribution", rule.Properties{
	"enabled":              true,
	"defaultCacheBehavior": map[string]any{"targetOriginId": "web", "viewerProtocolPolicy": "redirect-to-https"},
}, "defaultCacheBehavior.viewerProtocolPolicy", "allow-all"))
