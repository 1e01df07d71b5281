package backup

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "docdb-backup-retention",
	Title:       "DocumentDB clusters keep backups for a week.",
	Severity:    rule.High,
	Description: "A mistake is found after the weekend, or after the holiday.",
	Remedy:      "set backupRetentionPeriod to 7 or more",
	Check:       rule.That("backupRetentionPeriod", rule.IsAtLeast(7)),
}.On("aws:docdb/cluster:Cluster", rule.Properties{"engine": "docdb", "backupRetentionPeriod": 7.0}, "backupRetentionPeriod", 1.0, rule.Missing))
