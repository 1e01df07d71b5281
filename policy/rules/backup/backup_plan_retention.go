package backup

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "backup-plan-retention",
	Title:       "Backup plans keep recovery points for a month.",
	Severity:    rule.Medium,
	Description: "Encryption by an intruder is found after weeks.",
	Remedy:      "set lifecycle.deleteAfter to 35 or more",
	Check:       rule.That("rules.*.lifecycle?.deleteAfter", rule.IsAtLeast(35)),
}.On("aws:backup/plan:Plan", rule.Properties{
	"name":  "daily",
	"rules": []any{map[string]any{"ruleName": "daily", "targetVaultName": "daily", "schedule": "cron(0 3 * * ? *)", "lifecycle": map[string]any{"deleteAfter": 35.0}}},
}, "rules.0.lifecycle.deleteAfter", 7.0))
