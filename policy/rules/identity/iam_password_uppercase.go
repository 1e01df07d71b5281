package identity

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:       "iam-password-uppercase",
	Title:    "Passwords of IAM users have an upper-case letter.",
	Severity: rule.Low,
	Description: "AWS Foundational Security Best Practices and PCI DSS ask for it: a larger set of characters makes the " +
		"same length harder to guess.",
	Remedy: "set requireUppercaseCharacters to true",
	Check:  rule.That("requireUppercaseCharacters", rule.IsTrue),
	Fix:    []rule.Fix{{Property: "requireUppercaseCharacters", Value: true}},
}.On("aws:iam/accountPasswordPolicy:AccountPasswordPolicy", rule.Properties{
	"minimumPasswordLength":      14.0,
	"passwordReusePrevention":    24.0,
	"requireLowercaseCharacters": true,
	"requireUppercaseCharacters": true,
	"requireNumbers":             true,
	"requireSymbols":             true,
}, "requireUppercaseCharacters", false, rule.Missing))
