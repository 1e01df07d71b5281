package protection

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:       "dynamodb-replica-deletion-protected",
	Title:    "Replicas of DynamoDB tables are protected from deletion.",
	Severity: rule.High,
	Description: "A deletion that is a mistake, of a person or a program, is refused. Whoever means it turns this off " +
		"first.",
	Remedy: "set deletionProtectionEnabled to true",
	Check:  rule.That("deletionProtectionEnabled", rule.IsTrue),
	Fix:    []rule.Fix{{Property: "deletionProtectionEnabled", Value: true}},
}.On("aws:dynamodb/tableReplica:TableReplica", rule.Properties{
	"globalTableArn":            "arn:aws:dynamodb:us-east-1:123456789012:table/sessions",
	"deletionProtectionEnabled": true,
}, "deletionProtectionEnabled", false, rule.Missing))
