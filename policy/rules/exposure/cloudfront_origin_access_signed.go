package exposure

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "cloudfront-origin-access-signed",
	Title:       "CloudFront always signs its requests to private origins.",
	Severity:    rule.High,
	Description: "Unsigned requests reach only an origin that is public.",
	Remedy:      "set signingBehavior to always",
	Check:       rule.That("signingBehavior", rule.IsOneOf("always")),
	Fix:         []rule.Fix{{Property: "signingBehavior", Value: "always"}},
}.On("aws:cloudfront/originAccessControl:OriginAccessControl", rule.Properties{
	"originAccessControlOriginType": "s3",
	"signingProtocol":               "sigv4",
	"signingBehavior":               "always",
}, "signingBehavior", "never", "no-override"))
