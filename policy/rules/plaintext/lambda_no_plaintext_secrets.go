package plaintext

import (
	"github.com/tandem-platform/tandem/policy/rule"
	"github.com/tandem-platform/tandem/policy/rules/internal/secrets"
)

var _ = rules.Add(rule.Rule{
	ID:          "lambda-no-plaintext-secrets",
	Title:       "Environments of Lambda functions hold no secrets.",
	Severity:    rule.High,
	Description: "Whoever may look at the function reads its environment, and so does whoever reads the state.",
	Remedy:      "store the secret in Secrets Manager and pass its name",
	Check:       secrets.None("environment.variables"),
}.On("aws:lambda/function:Function", rule.Properties{
	"role":        "arn:aws:iam::123456789012:role/resize",
	"environment": map[string]any{"variables": map[string]any{"DATABASE_SECRET_ARN": "arn:aws:secretsmanager:us-east-1:123456789012:secret:db"}},
}, "environment.variables.DATABASE_PASSWORD", "correct-horse", "AKIAIOSFODNN7EXAMPLE"))
