package encryption

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:       "eks-secrets-encrypted",
	Title:    "EKS clusters encrypt Kubernetes secrets with a KMS key of the account.",
	Severity: rule.High,
	Description: "With a key of the account its policy and its trail say who decrypts secrets, and disabling the key " +
		"locks them. The setting cannot be taken back from a cluster, but it can be added to one.",
	Remedy: `set encryptionConfig with provider.keyArn, a key of your own, and resources: ["secrets"]`,
	Types:  []string{"aws:eks/cluster:Cluster"},
	Check: func(r rule.Resource) []rule.Finding {
		config := r.At("encryptionConfig")
		if config.Missing() {
			return []rule.Finding{config.Finding("")}
		}
		return rule.All(
			rule.That("encryptionConfig.provider.keyArn", rule.IsSet),
			rule.That("encryptionConfig.resources", rule.HasAll("secrets")),
		)(r)
	},
	Good: []rule.Example{eksWith(map[string]any{"provider": map[string]any{"keyArn": rule.Ref{Resource: "key", Property: "arn"}}, "resources": []any{"secrets"}})},
	Bad: []rule.Example{
		eksWith(nil),
		eksWith(map[string]any{"provider": map[string]any{}, "resources": []any{"secrets"}}),
		eksWith(map[string]any{"provider": map[string]any{"keyArn": rule.Ref{Resource: "key", Property: "arn"}}, "resources": []any{}}),
	},
})

func eksWith(encryption map[string]any) rule.Example {
	properties := map[string]any{"roleArn": "arn:aws:iam::123456789012:role/cluster"}
	if encryption != nil {
		properties["encryptionConfig"] = encryption
	}
	return rule.Example{
		{Type: "aws:kms/key:Key", Name: "key"},
		{Type: "aws:eks/cluster:Cluster", Name: "web", Properties: properties},
	}
}
