package identity

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "iam-login-password-reset",
	Title:       "First passwords of IAM users are changed at once.",
	Severity:    rule.Medium,
	Description: "Until then, whoever made it knows it.",
	Remedy:      "set passwordResetRequired to true",
	Check:       rule.That("passwordResetRequired", rule.IsTrue),
	Fix:         []rule.Fix{{Property: "passwordResetRequired", Value: true}},
}.On("aws:iam/userLoginProfile:UserLoginProfile", rule.Properties{"user": "ann", "pgpKey": "keybase:ann", "passwordResetRequired": true}, "passwordResetRequired", false, rule.Missing))
