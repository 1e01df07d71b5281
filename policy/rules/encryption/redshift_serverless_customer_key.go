package encryption

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "redshift-serverless-customer-key",
	Title:       "Redshift Serverless namespaces are encrypted with a KMS key of the customer's.",
	Severity:    rule.Medium,
	Description: "A namespace is always encrypted, but with a key that AWS owns, whose use no trail of yours records.",
	Remedy:      "set kmsKeyId to a key of your own",
	Check:       rule.That("kmsKeyId", rule.IsSet),
}.On("aws:redshiftserverless/namespace:Namespace", rule.Properties{
	"namespaceName": "reports",
	"kmsKeyId":      "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555",
}, "kmsKeyId", rule.Missing))
