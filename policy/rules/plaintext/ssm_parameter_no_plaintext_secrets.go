package plaintext

import (
	"github.com/tandem-platform/tandem/policy/rule"
	"github.com/tandem-platform/tandem/policy/rules/internal/secrets"
)

var _ = rules.Add(rule.Rule{
	ID:          "ssm-parameter-no-plaintext-secrets",
	Title:       "Secrets in SSM parameters are secure strings.",
	Severity:    rule.High,
	Description: "A string is not encrypted: whoever may read the parameter reads it, with no key in between.",
	Remedy:      "set type to SecureString",
	Check: func(r rule.Resource) []rule.Finding {
		if name, _ := r.At("name").Text(); !secrets.Name(name) {
			return nil
		}
		return rule.That("type", rule.IsOneOf("SecureString"))(r)
	},
}.
	On("aws:ssm/parameter:Parameter", rule.Properties{
		"name":  "/web/database-password",
		"type":  "SecureString",
		"keyId": "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555",
	}, "type", "String").
	Accepts(rule.Properties{"name": "/web/size", "type": "String", "value": "3"}))
