package encryption

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "mq-broker-customer-key",
	Title:       "MQ brokers are encrypted with a KMS key of the account.",
	Severity:    rule.Low,
	Description: "With the key that AWS owns, nothing in your account shows or limits who decrypts the messages.",
	Remedy:      "set encryptionOptions.useAwsOwnedKey to false and encryptionOptions.kmsKeyId to a key of your own",
	Check:       rule.That("encryptionOptions.useAwsOwnedKey", rule.IsOneOf("false")),
}.On("aws:mq/broker:Broker", rule.Properties{
	"brokerName":        "orders",
	"engineType":        "ActiveMQ",
	"engineVersion":     "5.18",
	"hostInstanceType":  "mq.m5.large",
	"encryptionOptions": map[string]any{"useAwsOwnedKey": false, "kmsKeyId": "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"},
}, "encryptionOptions.useAwsOwnedKey", true, rule.Missing))
