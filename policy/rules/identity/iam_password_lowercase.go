package identity

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:       "iam-password-lowercase",
	Title:    "Passwords of IAM users have a lower-case letter.",
	Severity: rule.Low,
	Description: "AWS Foundational Security Best Practices and PCI DSS ask for it: a larger set of characters makes the " +
		"same length harder to guess.",
	Remedy: "set requireLowercaseCharacters to true",
	Check:  rule.That("requireLowercaseCharacters", rule.IsTrue),
	Fix:    []rule.Fix{{Property: "requireLowercaseCharacters", Value: true}},
}.On("aws:iam/accountPasswordPolicy:AccountPasswordPolicy", rule.Properties{
	"minimumPasswordLength":      14.0,
	"passwordReusePrevention":    24.0,
	"requireLowercaseCharacters": true,
	"requireUppercaseCharacters": true,
	"requireNumbers":             true,
	"requireSymbols":             true,
}, "requireLowercaseCharacters", false, rule.Missing))
