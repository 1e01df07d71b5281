package network

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "cloudfront-has-waf",
	Title:       "CloudFront distributions have a web ACL.",
	Severity:    rule.Medium,
	Description: "A web ACL is where floods, bots and known attacks are stopped, before they reach the origin.",
	Remedy:      "set webAclId to the ARN of a WAFv2 web ACL of scope CLOUDFRONT",
	Check:       rule.That("webAclId", rule.IsSet),
}.On("aws:cloudfront/distribution:Distribution", rule.Properties{
	"enabled":  true,
	"webAclId": "arn:aws:wafv2:us-east-1:123456789012:global/webacl/web/1",
}, "webAclId", rule.Missing))
