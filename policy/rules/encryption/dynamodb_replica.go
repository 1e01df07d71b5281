package encryption

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:       "dynamodb-replica-customer-key",
	Title:    "Replicas of DynamoDB tables name a KMS key of their region.",
	Severity: rule.Medium,
	Description: "A replica does not take over the key of its table: without one of its own it uses a key that AWS " +
		"manages, whose policy cannot be changed.",
	Remedy: "set kmsKeyArn to a key of your own in the replica's region",
	Types:  []string{"aws:dynamodb/tableReplica:TableReplica"},
	Check:  rule.That("kmsKeyArn", rule.IsSet),
	Good: []rule.Example{{
		{Type: "aws:kms/key:Key", Name: "key"},
		{Type: "aws:dynamodb/tableReplica:TableReplica", Name: "sessions", Properties: map[string]any{
			"globalTableArn": "arn:aws:dynamodb:us-east-1:123456789012:table/sessions", "kmsKeyArn": rule.Ref{Resource: "key", Property: "arn"},
		}},
	}},
	Bad: []rule.Example{{
		{Type: "aws:kms/key:Key", Name: "key"},
		{Type: "aws:dynamodb/tableReplica:TableReplica", Name: "sessions", Properties: map[string]any{
			"globalTableArn": "arn:aws:dynamodb:us-east-1:123456789012:table/sessions",
		}},
	}},
})
