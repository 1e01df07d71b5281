package encryption

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:       "ssm-parameter-secure-string-key",
	Title:    "Secure SSM parameters name a KMS key of the customer's.",
	Severity: rule.Low,
	Description: "Without one the key that AWS manages is used, with which everyone in the account may decrypt who may " +
		"read the parameter.",
	Remedy: "set keyId to a key of your own",
	Check:  rule.When("type", rule.IsOneOf("SecureString"), rule.That("keyId", rule.IsSet)),
}.
	On("aws:ssm/parameter:Parameter", rule.Properties{
		"type":  "SecureString",
		"name":  "/web/token",
		"keyId": "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555",
	}, "keyId", rule.Missing).
	Accepts(rule.Properties{"type": "String", "name": "/web/size", "value": "3"}))
