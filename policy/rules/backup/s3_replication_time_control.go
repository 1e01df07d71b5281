package backup

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "s3-replication-time-control",
	Title:       "S3 replication has a time limit.",
	Severity:    rule.Low,
	Description: "With replication time control, copies are there within a quarter of an hour and what is late is seen.",
	Remedy:      "set destination.replicationTime and destination.metrics",
	Check:       rule.That("rules.*.destination.replicationTime.status", rule.IsOneOf("Enabled")),
}.On("aws:s3/bucketReplicationConfig:BucketReplicationConfig", rule.Properties{
	"bucket": "files",
	"role":   "arn:aws:iam::123456789012:role/replication",
	"rules":  []any{map[string]any{"id": "all", "status": "Enabled", "destination": map[string]any{"bucket": "arn:aws:s3:::files-copy", "replicationTime": map[string]any{"status": "Enabled", "time": map[string]any{"minutes": 15.0}}}}},
}, "rules.0.destination.replicationTime.status", "Disabled", rule.Missing))
