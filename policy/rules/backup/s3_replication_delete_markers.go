package backup

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "s3-replication-delete-markers",
	Title:       "S3 replication copies deletions.",
	Severity:    rule.Low,
	Description: "Otherwise what was deleted is back after a failover.",
	Remedy:      "set deleteMarkerReplication.status to Enabled",
	Check:       rule.That("rules.*.deleteMarkerReplication.status", rule.IsOneOf("Enabled")),
}.On("aws:s3/bucketReplicationConfig:BucketReplicationConfig", rule.Properties{
	"bucket": "files",
	"role":   "arn:aws:iam::123456789012:role/replication",
	"rules":  []any{map[string]any{"id": "all", "status": "Enabled", "destination": map[string]any{"bucket": "arn:aws:s3:::files-copy"}, "deleteMarkerReplication": map[string]any{"status": "Enabled"}}},
}, "rules.0.deleteMarkerReplication.status", "Disabled", rule.Missing))
