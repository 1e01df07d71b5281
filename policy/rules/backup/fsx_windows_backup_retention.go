package backup

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "fsx-windows-backup-retention",
	Title:       "FSx for Windows file systems keep backups for a week.",
	Severity:    rule.High,
	Description: "A mistake is found after the weekend, or after the holiday.",
	Remedy:      "set automaticBackupRetentionDays to 7 or more",
	Check:       rule.That("automaticBackupRetentionDays?", rule.IsAtLeast(7)),
}.On("aws:fsx/windowsFileSystem:WindowsFileSystem", rule.Properties{"throughputCapacity": 32.0, "automaticBackupRetentionDays": 7.0}, "automaticBackupRetentionDays", 0.0))
