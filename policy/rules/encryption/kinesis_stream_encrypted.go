package encryption

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "kinesis-stream-encrypted",
	Title:       "Kinesis streams are encrypted with KMS.",
	Severity:    rule.Medium,
	Description: "Records lie in a stream for a day to a year. Without KMS, whoever reaches the storage reads them.",
	Remedy:      "set encryptionType to KMS and kmsKeyId to a key",
	Check:       rule.That("encryptionType", rule.IsOneOf("KMS")),
}.On("aws:kinesis/stream:Stream", rule.Properties{"kmsKeyId": "alias/aws/kinesis", "encryptionType": "KMS"}, "encryptionType", "NONE", rule.Missing))
