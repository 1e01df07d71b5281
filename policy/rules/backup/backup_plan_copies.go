package backup

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "backup-plan-copies",
	Title:       "Backup plans copy recovery points to another vault.",
	Severity:    rule.Medium,
	Description: "A backup in the region, or the account, that is lost is lost with it.",
	Remedy:      "set copyActions with a vault of another region",
	Check:       rule.That("rules.*.copyActions", rule.IsSet),
}.On("aws:backup/plan:Plan", rule.Properties{
	"name":  "daily",
	"rules": []any{map[string]any{"ruleName": "daily", "targetVaultName": "daily", "schedule": "cron(0 3 * * ? *)", "copyActions": []any{map[string]any{"destinationVaultArn": "arn:aws:backup:us-west-2:123456789012:backup-vault:daily"}}}},
}, "rules.0.copyActions", rule.Missing, []any{}))
