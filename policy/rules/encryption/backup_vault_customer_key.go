package encryption

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:       "backup-vault-customer-key",
	Title:    "Backup vaults are encrypted with a KMS key of the customer's.",
	Severity: rule.Medium,
	Description: "Backups outlive what they are backups of. With a key of your own you decide who restores them, and in " +
		"which account.",
	Remedy: "set kmsKeyArn to a key of your own",
	Check:  rule.That("kmsKeyArn", rule.IsSet),
}.On("aws:backup/vault:Vault", rule.Properties{
	"name":      "daily",
	"kmsKeyArn": "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555",
}, "kmsKeyArn", rule.Missing))
