package backup

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "s3-replication-enabled",
	Title:       "Rules of S3 replication are on.",
	Severity:    rule.Medium,
	Description: "A rule that is off copies nothing, and nothing says so.",
	Remedy:      "set status to Enabled",
	Check:       rule.That("rules.*.status", rule.IsOneOf("Enabled")),
}.On("aws:s3/bucketReplicationConfig:BucketReplicationConfig", rule.Properties{
	"bucket": "files",
	"role":   "arn:aws:iam::123456789012:role/replication",
	"rules":  []any{map[string]any{"id": "all", "status": "Enabled", "destination": map[string]any{"bucket": "arn:aws:s3:::files-copy"}}},
}, "rules.0.status", "Disabled"))
