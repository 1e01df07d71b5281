package identity

import (
	"github.com/tandem-platform/tandem/policy/rule"
	"github.com/tandem-platform/tandem/policy/rules/internal/policies"
)

var _ = rules.Add(rule.Rule{
	ID:          "iam-policy-no-pass-any-role",
	Title:       "No policy lets its holder pass every role to a service.",
	Severity:    rule.High,
	Description: "Who passes an administrator's role to a function of their own is an administrator.",
	Remedy:      "name the roles in Resource, or add the condition iam:PassedToService",
	Check: policies.NoStatement("policy", func(s policies.Statement) bool {
		return s.Allows("iam:PassRole") && !s.Allows("*") && s.Reaches("*") && len(s.Condition) == 0
	}),
}.
	On("aws:iam/policy:Policy", rule.Properties{
		"policy": `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["iam:PassRole"],"Resource":"arn:aws:iam::123456789012:role/task"}]}`,
	}, "policy", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["iam:PassRole"],"Resource":"*"}]}`).
	On("aws:iam/rolePolicy:RolePolicy", rule.Properties{
		"role":   "deploy",
		"policy": `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["iam:PassRole"],"Resource":"arn:aws:iam::123456789012:role/task"}]}`,
	}, "policy", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["iam:PassRole"],"Resource":"*"}]}`).
	On("aws:iam/userPolicy:UserPolicy", rule.Properties{
		"user":   "ann",
		"policy": `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["iam:PassRole"],"Resource":"arn:aws:iam::123456789012:role/task"}]}`,
	}, "policy", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["iam:PassRole"],"Resource":"*"}]}`).
	On("aws:iam/groupPolicy:GroupPolicy", rule.Properties{
		"group":  "web",
		"policy": `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["iam:PassRole"],"Resource":"arn:aws:iam::123456789012:role/task"}]}`,
	}, "policy", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["iam:PassRole"],"Resource":"*"}]}`))
