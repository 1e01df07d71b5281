package identity

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "cognito-password-length",
	Title:       "Passwords of Cognito users have at least 12 characters.",
	Severity:    rule.Low,
	Description: "Length is what makes a password hard to guess.",
	Remedy:      "set passwordPolicy.minimumLength to 12 or more",
	Check:       rule.That("passwordPolicy.minimumLength", rule.IsAtLeast(12)),
	Fix:         []rule.Fix{{Property: "passwordPolicy.minimumLength", Value: 14.0}},
}.On("aws:cognito/userPool:UserPool", rule.Properties{"name": "customers", "passwordPolicy": map[string]any{"minimumLength": 14.0}}, "passwordPolicy.minimumLength", 6.0, rule.Missing))
