package identity

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "iam-user-has-boundary",
	Title:       "IAM users have a permissions boundary.",
	Severity:    rule.Low,
	Description: "A boundary limits what a user can do, whatever policies it gets later.",
	Remedy:      "set permissionsBoundary; better, use roles",
	Check:       rule.That("permissionsBoundary", rule.IsSet),
}.On("aws:iam/user:User", rule.Properties{"name": "ann", "permissionsBoundary": "arn:aws:iam::123456789012:policy/boundary"}, "permissionsBoundary", rule.Missing))
