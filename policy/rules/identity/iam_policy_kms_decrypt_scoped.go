package identity

import (
	"github.com/tandem-platform/tandem/policy/rule"
	"github.com/tandem-platform/tandem/policy/rules/internal/policies"
)

var _ = rules.Add(rule.Rule{
	ID:          "iam-policy-kms-decrypt-scoped",
	Title:       "No policy allows decryption with every key.",
	Severity:    rule.Medium,
	Description: "Keys keep apart what permissions on storage do not. Who may use all of them has all data of the account.",
	Remedy:      "name the keys in Resource",
	Check: policies.NoStatement("policy", func(s policies.Statement) bool {
		return s.Effect == "Allow" && !s.Allows("*") && (s.Names("kms:Decrypt") || s.Names("kms:ReEncryptFrom") || s.Names("kms:*")) && s.Reaches("*") && len(s.Condition) == 0
	}),
}.
	On("aws:iam/policy:Policy", rule.Properties{
		"policy": `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["kms:Decrypt"],"Resource":"arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"}]}`,
	}, "policy", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["kms:Decrypt"],"Resource":"*"}]}`).
	On("aws:iam/rolePolicy:RolePolicy", rule.Properties{
		"role":   "deploy",
		"policy": `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["kms:Decrypt"],"Resource":"arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"}]}`,
	}, "policy", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["kms:Decrypt"],"Resource":"*"}]}`).
	On("aws:iam/userPolicy:UserPolicy", rule.Properties{
		"user":   "ann",
		"policy": `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["kms:Decrypt"],"Resource":"arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"}]}`,
	}, "policy", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["kms:Decrypt"],"Resource":"*"}]}`).
	On("aws:iam/groupPolicy:GroupPolicy", rule.Properties{
		"group":  "web",
		"policy": `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["kms:Decrypt"],"Resource":"arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"}]}`,
	}, "policy", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["kms:Decrypt"],"Resource":"*"}]}`))
