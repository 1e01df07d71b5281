package identity

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:       "iam-password-symbols",
	Title:    "Passwords of IAM users have a symbol.",
	Severity: rule.Low,
	Description: "AWS Foundational Security Best Practices and PCI DSS ask for it: a larger set of characters makes the " +
		"same length harder to guess.",
	Remedy: "set requireSymbols to true",
	Check:  rule.That("requireSymbols", rule.IsTrue),
	Fix:    []rule.Fix{{Property: "requireSymbols", Value: true}},
}.On("aws:iam/accountPasswordPolicy:AccountPasswordPolicy", rule.Properties{
	"minimumPasswordLength":      14.0,
	"passwordReusePrevention":    24.0,
	"requireLowercaseCharacters": true,
	"requireUppercaseCharacters": true,
	"requireNumbers":             true,
	"requireSymbols":             true,
}, "requireSymbols", false, rule.Missing))
