package encryption

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:       "cloudtrail-encrypted",
	Title:    "CloudTrail trails are encrypted with a KMS key.",
	Severity: rule.Medium,
	Description: "A trail tells what an attacker did and what there is to attack. A key of its own limits who may read it " +
		"beyond the bucket's policy.",
	Remedy: "set kmsKeyId to a key that CloudTrail may use",
	Check:  rule.That("kmsKeyId", rule.IsSet),
}.On("aws:cloudtrail/trail:Trail", rule.Properties{
	"s3BucketName": "trails",
	"kmsKeyId":     "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555",
}, "kmsKeyId", rule.Missing))
