package encryption

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:       "log-group-encrypted",
	Title:    "CloudWatch log groups are encrypted with a KMS key.",
	Severity: rule.Low,
	Description: "Logs hold what programs print, which is more than anyone intends. CloudWatch encrypts them with a key " +
		"of its own unless it is given one.",
	Remedy: "set kmsKeyId to a key that CloudWatch Logs may use",
	Check:  rule.That("kmsKeyId", rule.IsSet),
}.On("aws:cloudwatch/logGroup:LogGroup", rule.Properties{
	"name":     "web",
	"kmsKeyId": "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555",
}, "kmsKeyId", rule.Missing))
