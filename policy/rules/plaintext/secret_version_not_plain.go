package plaintext

import (
	"github.com/tandem-platform/tandem/policy/rule"
	"github.com/tandem-platform/tandem/policy/rules/internal/secrets"
)

var _ = rules.Add(rule.Rule{
	ID:           "secret-version-not-plain",
	Title:        "Values of secrets are secrets to Pulumi.",
	Severity:     rule.High,
	Description:  "A value that is no secret to Pulumi is in the state, and in every preview, for all to read.",
	Remedy:       "pass the value as a secret output",
	Check:        secrets.Marked("secretString"),
	AboutSecrecy: true,
}.On("aws:secretsmanager/secretVersion:SecretVersion", rule.Properties{"secretId": "web"}, "secretString", "correct-horse"))
