package encryption

import "github.com/tandem-platform/tandem/policy/rule"

// kmsEncrypted finds fault with the one element, or with the list that lacks it.
func kmsEncrypted(r rule.Resource) []rule.Finding {
	if findings := rule.That("encryptionConfigurations", rule.IsSet)(r); len(findings) > 0 {
		return findings
	}
	return rule.That("encryptionConfigurations.*.encryptionType", rule.IsOneOf("KMS"))(r)
}

var _ = rules.Add(rule.Rule{
	ID:       "ecr-repository-encrypted",
	Title:    "ECR repositories are encrypted with KMS.",
	Severity: rule.Low,
	Description: "Images hold code and now and then a secret. With KMS the use of the key is in the trail; it is settled " +
		"when the repository is made.",
	Remedy: "set encryptionConfigurations with encryptionType KMS",
	Check:  kmsEncrypted,
}.
	On("aws:ecr/repository:Repository", rule.Properties{
		"name":                     "web",
		"encryptionConfigurations": []any{map[string]any{"encryptionType": "KMS"}},
	}, "encryptionConfigurations.0.encryptionType", "AES256", rule.Missing).
	On("aws:ecr/repository:Repository", rule.Properties{
		"name":                     "web",
		"encryptionConfigurations": []any{map[string]any{"encryptionType": "KMS"}},
	}, "encryptionConfigurations", rule.Missing, []any{}))
