package identity

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "iam-password-reuse",
	Title:       "Passwords of IAM users are not used again.",
	Severity:    rule.Low,
	Description: "A password that leaked comes back with its owner. AWS remembers up to 24.",
	Remedy:      "set passwordReusePrevention to 24",
	Check:       rule.That("passwordReusePrevention", rule.IsAtLeast(24)),
	Fix:         []rule.Fix{{Property: "passwordReusePrevention", Value: 24.0}},
}.On("aws:iam/accountPasswordPolicy:AccountPasswordPolicy", rule.Properties{
	"minimumPasswordLength":      14.0,
	"passwordReusePrevention":    24.0,
	"requireLowercaseCharacters": true,
	"requireUppercaseCharacters": true,
	"requireNumbers":             true,
	"requireSymbols":             true,
}, "passwordReusePrevention", 5.0, rule.Missing))
