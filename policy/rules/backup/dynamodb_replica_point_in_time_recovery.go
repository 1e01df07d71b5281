package backup

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "dynamodb-replica-point-in-time-recovery",
	Title:       "Replicas of DynamoDB tables can be restored to any second.",
	Severity:    rule.Medium,
	Description: "A replica has recovery of its own: after a failover, this is the one that counts.",
	Remedy:      "set pointInTimeRecovery to true",
	Check:       rule.That("pointInTimeRecovery", rule.IsTrue),
	Fix:         []rule.Fix{{Property: "pointInTimeRecovery", Value: true}},
}.On("aws:dynamodb/tableReplica:TableReplica", rule.Properties{
	"globalTableArn":      "arn:aws:dynamodb:us-east-1:123456789012:table/sessions",
	"pointInTimeRecovery": true,
}, "pointInTimeRecovery", false, rule.Missing))
