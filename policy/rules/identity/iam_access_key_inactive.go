package identity

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:       "iam-access-key-inactive",
	Title:    "Programs make no active access keys.",
	Severity: rule.High,
	Description: "An access key never expires, and one that a program makes is in its state. Roles and OpenID Connect " +
		"need no key.",
	Remedy: "use a role; or set status to Inactive",
	Check:  rule.That("status", rule.IsOneOf("Inactive")),
}.On("aws:iam/accessKey:AccessKey", rule.Properties{"user": "ann", "status": "Inactive"}, "status", "Active", rule.Missing))
