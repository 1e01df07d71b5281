package backup

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "backup-plan-scheduled",
	Title:       "Backup plans run by a schedule.",
	Severity:    rule.Medium,
	Description: "A rule without a schedule makes no backup.",
	Remedy:      "set schedule",
	Check:       rule.That("rules.*.schedule", rule.IsSet),
}.On("aws:backup/plan:Plan", rule.Properties{
	"name":  "daily",
	"rules": []any{map[string]any{"ruleName": "daily", "targetVaultName": "daily", "schedule": "cron(0 3 * * ? *)"}},
}, "rules.0.schedule", rule.Missing))
