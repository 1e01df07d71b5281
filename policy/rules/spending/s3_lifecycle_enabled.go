package spending

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "s3-lifecycle-enabled",
	Title:       "Rules of S3 lifecycles are on.",
	Severity:    rule.Low,
	Description: "A rule that is off deletes nothing, and nothing says so.",
	Remedy:      "set status to Enabled",
	Check:       rule.That("rules.*.status", rule.IsOneOf("Enabled")),
}.On("aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2", rule.Properties{
	"bucket": "files",
	"rules":  []any{map[string]any{"id": "clean", "status": "Enabled", "abortIncompleteMultipartUpload": map[string]any{"daysAfterInitiation": 7.0}}},
}, "rules.0.status", "Disabled"))
