package identity

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "iam-role-session-length",
	Title:       "Sessions of roles last at most half a day.",
	Severity:    rule.Low,
	Description: "A stolen session works until it ends. The default is an hour.",
	Remedy:      "set maxSessionDuration to 14400 or less",
	Check:       rule.That("maxSessionDuration?", rule.IsAtMost(14400)),
	Fix:         []rule.Fix{{Property: "maxSessionDuration", Value: 3600.0}},
}.On("aws:iam/role:Role", rule.Properties{
	"assumeRolePolicy":   `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}`,
	"maxSessionDuration": 3600.0,
}, "maxSessionDuration", 43200.0))
