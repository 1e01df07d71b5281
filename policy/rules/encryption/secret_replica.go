package encryption

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:       "secret-replica-customer-key",
	Title:    "Replicas of secrets are encrypted with a KMS key of the customer's.",
	Severity: rule.Medium,
	Description: "A replica does not take over the key of its secret: without one of its own it uses the key that AWS " +
		"manages in its region.",
	Remedy: "set kmsKeyId of the replica to a key of your own in its region",
	Types:  []string{"aws:secretsmanager/secret:Secret"},
	Check:  rule.That("replicas.*.kmsKeyId", rule.IsSet),
	Good:   []rule.Example{replicaWith(map[string]any{"region": "us-west-2", "kmsKeyId": "arn:aws:kms:us-west-2:123456789012:key/mrk-1"})},
	Bad:    []rule.Example{replicaWith(map[string]any{"region": "us-west-2"})},
})

func replicaWith(replica map[string]any) rule.Example {
	return rule.Example{{
		Type: "aws:secretsmanager/secret:Secret", Name: "database",
		Properties: map[string]any{"kmsKeyId": "arn:aws:kms:us-east-1:123456789012:key/mrk-1", "replicas": []any{replica}},
	}}
}
