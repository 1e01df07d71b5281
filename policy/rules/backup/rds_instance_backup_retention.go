package backup

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "rds-instance-backup-retention",
	Title:       "RDS instances keep backups for a week.",
	Severity:    rule.High,
	Description: "A mistake is found after the weekend, or after the holiday.",
	Remedy:      "set backupRetentionPeriod to 7 or more",
	Check:       rule.That("backupRetentionPeriod", rule.IsAtLeast(7)),
}.On("aws:rds/instance:Instance", rule.Properties{"instanceClass": "db.t4g.medium", "backupRetentionPeriod": 7.0}, "backupRetentionPeriod", 0.0, rule.Missing))
