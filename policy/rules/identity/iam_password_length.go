package identity

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "iam-password-length",
	Title:       "Passwords of IAM users have at least 14 characters.",
	Severity:    rule.Medium,
	Description: "Length is what makes a password hard to guess.",
	Remedy:      "set minimumPasswordLength to 14 or more",
	Check:       rule.That("minimumPasswordLength", rule.IsAtLeast(14)),
	Fix:         []rule.Fix{{Property: "minimumPasswordLength", Value: 14.0}},
}.On("aws:iam/accountPasswordPolicy:AccountPasswordPolicy", rule.Properties{
	"minimumPasswordLength":      14.0,
	"passwordReusePrevention":    24.0,
	"requireLowercaseCharacters": true,
	"requireUppercaseCharacters": true,
	"requireNumbers":             true,
	"requireSymbols":             true,
}, "minimumPasswordLength", 8.0, rule.Missing))
