package protection

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:       "dynamodb-deletion-protected",
	Title:    "DynamoDB tables are protected from deletion.",
	Severity: rule.High,
	Description: "A deletion that is a mistake, of a person or a program, is refused. Whoever means it turns this off " +
		"first.",
	Remedy: "set deletionProtectionEnabled to true",
	Check:  rule.That("deletionProtectionEnabled", rule.IsTrue),
	Fix:    []rule.Fix{{Property: "deletionProtectionEnabled", Value: true}},
}.On("aws:dynamodb/table:Table", rule.Properties{"hashKey": "id", "deletionProtectionEnabled": true}, "deletionProtectionEnabled", false, rule.Missing))
