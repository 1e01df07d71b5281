package encryption

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:       "dynamodb-table-kms-encrypted",
	Title:    "DynamoDB tables are encrypted with a KMS key of the account.",
	Severity: rule.Medium,
	Description: "Otherwise DynamoDB uses a key that AWS owns, whose use no key policy limits and no trail of the account " +
		"records.",
	Remedy: "set serverSideEncryption.enabled to true, and serverSideEncryption.kmsKeyArn to a key of your own",
	Types:  []string{"aws:dynamodb/table:Table"},
	Check:  rule.That("serverSideEncryption.enabled", rule.IsTrue),
	Good: []rule.Example{{
		{Type: "aws:dynamodb/table:Table", Name: "sessions", Properties: map[string]any{"hashKey": "id", "serverSideEncryption": map[string]any{"enabled": true}}},
	}},
	Bad: []rule.Example{
		{{Type: "aws:dynamodb/table:Table", Name: "sessions", Properties: map[string]any{"hashKey": "id"}}},
		{{Type: "aws:dynamodb/table:Table", Name: "sessions", Properties: map[string]any{"hashKey": "id", "serverSideEncryption": map[string]any{"enabled": false}}}},
	},
})
