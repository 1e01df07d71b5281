package identity

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:       "iam-password-numbers",
	Title:    "Passwords of IAM users have a digit.",
	Severity: rule.Low,
	Description: "AWS Foundational Security Best Practices and PCI DSS ask for it: a larger set of characters makes the " +
		"same length harder to guess.",
	Remedy: "set requireNumbers to true",
	Check:  rule.That("requireNumbers", rule.IsTrue),
	Fix:    []rule.Fix{{Property: "requireNumbers", Value: true}},
}.On("aws:iam/accountPasswordPolicy:AccountPasswordPolicy", rule.Properties{
	"minimumPasswordLength":      14.0,
	"passwordReusePrevention":    24.0,
	"requireLowercaseCharacters": true,
	"requireUppercaseCharacters": true,
	"requireNumbers":             true,
	"requireSymbols":             true,
}, "requireNumbers", false, rule.Missing))
