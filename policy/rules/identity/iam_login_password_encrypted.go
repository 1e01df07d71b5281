package identity

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "iam-login-password-encrypted",
	Title:       "First passwords of IAM users are encrypted for their owner.",
	Severity:    rule.High,
	Description: "Without a PGP key the password is in the state for whoever reads that.",
	Remedy:      "set pgpKey to the key of the user",
	Check:       rule.That("pgpKey", rule.IsSet),
}.On("aws:iam/userLoginProfile:UserLoginProfile", rule.Properties{"user": "ann", "pgpKey": "keybase:ann", "passwordResetRequired": true}, "pgpKey", rule.Missing))
