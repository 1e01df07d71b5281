package encryption

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:       "secret-customer-key",
	Title:    "Secrets are encrypted with a KMS key of the customer's.",
	Severity: rule.Medium,
	Description: "The key that AWS manages admits everyone in the account who may read the secret, and cannot be shared " +
		"with another account. A key of one's own is a second lock with a policy of its own.",
	Remedy: "set kmsKeyId to a key of your own",
	Types:  []string{"aws:secretsmanager/secret:Secret"},
	Check:  rule.That("kmsKeyId", rule.IsSet),
	Good: []rule.Example{{
		{Type: "aws:kms/key:Key", Name: "key"},
		{Type: "aws:secretsmanager/secret:Secret", Name: "database", Properties: map[string]any{"kmsKeyId": rule.Ref{Resource: "key", Property: "arn"}}},
	}},
	Bad: []rule.Example{{
		{Type: "aws:kms/key:Key", Name: "key"},
		{Type: "aws:secretsmanager/secret:Secret", Name: "database"},
	}},
})
