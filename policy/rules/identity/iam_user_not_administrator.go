package identity

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "iam-user-not-administrator",
	Title:       "No user is given the policy of an administrator.",
	Severity:    rule.High,
	Description: "Who may do everything, or give themselves everything, is one mistake away from doing it.",
	Remedy:      "attach a policy of what is needed",
	Check:       rule.That("policyArn", rule.IsNoneOf("arn:aws:iam::aws:policy/AdministratorAccess", "arn:aws:iam::aws:policy/IAMFullAccess", "arn:aws:iam::aws:policy/PowerUserAccess")),
}.On("aws:iam/userPolicyAttachment:UserPolicyAttachment", rule.Properties{"user": "ann", "policyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}, "policyArn", "arn:aws:iam::aws:policy/AdministratorAccess", "arn:aws:iam::aws:policy/IAMFullAccess"))
