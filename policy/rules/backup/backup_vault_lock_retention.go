package backup

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "backup-vault-lock-retention",
	Title:       "Locks of backup vaults hold recovery points for a month.",
	Severity:    rule.Low,
	Description: "A lock without a shortest retention lets a job make recovery points that end tomorrow.",
	Remedy:      "set minRetentionDays to 30 or more",
	Check:       rule.That("minRetentionDays", rule.IsAtLeast(30)),
	Fix:         []rule.Fix{{Property: "minRetentionDays", Value: 30.0}},
}.On("aws:backup/vaultLockConfiguration:VaultLockConfiguration", rule.Properties{"backupVaultName": "daily", "minRetentionDays": 30.0}, "minRetentionDays", 1.0, rule.Missing))
