package exposure

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "cloudfront-default-root-object",
	Title:       "CloudFront distributions have a default root object.",
	Severity:    rule.Low,
	Description: "Without one a request for the root lists the bucket, if the origin lets it.",
	Remedy:      "set defaultRootObject, such as to index.html",
	Check:       rule.That("defaultRootObject", rule.IsSet),
}.On("aws:cloudfront/distribution:Distribution", rule.Properties{"enabled": true, "defaultRootObject": "index.html"}, "defaultRootObject", rule.Missing))
