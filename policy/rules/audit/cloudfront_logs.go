package audit

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:       "cloudfront-logs",
	Title:    "CloudFront distributions log requests.",
	Severity: rule.Medium,
	Description: "Without a log nobody can say who asked for what, or since when. A distribution that logs by a delivery " +
		"of CloudWatch Logs needs an exception.",
	Remedy: "set loggingConfig.bucket",
	Check:  rule.That("loggingConfig.bucket", rule.IsSet),
}.On("aws:cloudfront/distribution:Distribution", rule.Properties{
	"enabled":       true,
	"loggingConfig": map[string]any{"bucket": "logs.s3.amazonaws.com"},
}, "loggingConfig", rule.Missing))
