package backup

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "dynamodb-point-in-time-recovery",
	Title:       "DynamoDB tables can be restored to any second.",
	Severity:    rule.High,
	Description: "Without it, a program that overwrites items has the last word.",
	Remedy:      "set pointInTimeRecovery.enabled to true",
	Check:       rule.That("pointInTimeRecovery.enabled", rule.IsTrue),
	Fix:         []rule.Fix{{Property: "pointInTimeRecovery.enabled", Value: true}},
}.On("aws:dynamodb/table:Table", rule.Properties{"hashKey": "id", "pointInTimeRecovery": map[string]any{"enabled": true}}, "pointInTimeRecovery.enabled", false))
