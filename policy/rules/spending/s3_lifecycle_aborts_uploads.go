package spending

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "s3-lifecycle-aborts-uploads",
	Title:       "Lifecycles of S3 buckets clean up uploads that did not end.",
	Severity:    rule.Low,
	Description: "Parts of an upload that did not end are shown nowhere and paid for, for ever.",
	Remedy:      "set abortIncompleteMultipartUpload.daysAfterInitiation to 14 or less",
	Check:       rule.That("rules.*.abortIncompleteMultipartUpload?.daysAfterInitiation", rule.IsAtMost(14)),
}.On("aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2", rule.Properties{
	"bucket": "files",
	"rules":  []any{map[string]any{"id": "clean", "status": "Enabled", "abortIncompleteMultipartUpload": map[string]any{"daysAfterInitiation": 7.0}}},
}, "rules.0.abortIncompleteMultipartUpload.daysAfterInitiation", 365.0))
