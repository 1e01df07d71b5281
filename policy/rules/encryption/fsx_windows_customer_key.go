package encryption

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:       "fsx-windows-customer-key",
	Title:    "FSx for Windows file systems are encrypted with a KMS key of the customer's.",
	Severity: rule.Low,
	Description: "FSx always encrypts, but with a key that AWS manages, which cannot be shared with another account for a " +
		"restore.",
	Remedy: "set kmsKeyId to a key of your own",
	Check:  rule.That("kmsKeyId", rule.IsSet),
}.On("aws:fsx/windowsFileSystem:WindowsFileSystem", rule.Properties{
	"throughputCapacity": 32.0,
	"subnetIds":          []any{"subnet-1"},
	"kmsKeyId":           "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555",
}, "kmsKeyId", rule.Missing))
