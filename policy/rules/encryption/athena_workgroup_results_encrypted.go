package encryption

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "athena-workgroup-results-encrypted",
	Title:       "Athena workgroups encrypt the results of queries.",
	Severity:    rule.Medium,
	Description: "Results are copies of what was asked for, left in a bucket under names that nobody looks at.",
	Remedy:      "set configuration.resultConfiguration.encryptionConfiguration with encryptionOption SSE_KMS",
	Check:       rule.That("configuration.resultConfiguration.encryptionConfiguration.encryptionOption", rule.IsSet),
}.On("aws:athena/workgroup:Workgroup", rule.Properties{
	"name":          "reports",
	"configuration": map[string]any{"resultConfiguration": map[string]any{"encryptionConfiguration": map[string]any{"encryptionOption": "SSE_KMS", "kmsKeyArn": "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"}}},
}, "configuration.resultConfiguration.encryptionConfiguration.encryptionOption", rule.Missing))
