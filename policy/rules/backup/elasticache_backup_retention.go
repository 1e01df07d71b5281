package backup

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "elasticache-backup-retention",
	Title:       "ElastiCache replication groups keep snapshots.",
	Severity:    rule.Low,
	Description: "After a mistake, or the loss of the cluster, a snapshot is what there is.",
	Remedy:      "set snapshotRetentionLimit to 1 or more",
	Check:       rule.That("snapshotRetentionLimit", rule.IsAtLeast(1)),
}.On("aws:elasticache/replicationGroup:ReplicationGroup", rule.Properties{"description": "sessions", "snapshotRetentionLimit": 3.0}, "snapshotRetentionLimit", 0.0, rule.Missing))
