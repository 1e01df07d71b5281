package encryption

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "msk-cluster-customer-key",
	Title:       "MSK clusters are encrypted with a KMS key of the customer's.",
	Severity:    rule.Medium,
	Description: "MSK always encrypts, but with a key that AWS manages, which a policy of yours cannot limit.",
	Remedy:      "set encryptionInfo.encryptionAtRestKmsKeyArn to a key of your own",
	Check:       rule.That("encryptionInfo.encryptionAtRestKmsKeyArn", rule.IsSet),
}.On("aws:msk/cluster:Cluster", rule.Properties{
	"kafkaVersion":        "3.8.x",
	"numberOfBrokerNodes": 3.0,
	"encryptionInfo":      map[string]any{"encryptionAtRestKmsKeyArn": "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"},
}, "encryptionInfo.encryptionAtRestKmsKeyArn", rule.Missing))
