package backup

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "keyspaces-point-in-time-recovery",
	Title:       "Keyspaces tables can be restored to any second.",
	Severity:    rule.Medium,
	Description: "Without it, a program that overwrites rows has the last word.",
	Remedy:      "set pointInTimeRecovery.status to ENABLED",
	Check:       rule.That("pointInTimeRecovery.status", rule.IsOneOf("ENABLED")),
	Fix:         []rule.Fix{{Property: "pointInTimeRecovery.status", Value: "ENABLED"}},
}.On("aws:keyspaces/table:Table", rule.Properties{
	"keyspaceName":        "web",
	"tableName":           "visits",
	"pointInTimeRecovery": map[string]any{"status": "ENABLED"},
}, "pointInTimeRecovery.status", "DISABLED", rule.Missing))
