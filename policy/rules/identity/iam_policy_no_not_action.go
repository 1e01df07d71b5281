package identity

import (
	"github.com/tandem-platform/tandem/policy/rule"
	"github.com/tandem-platform/tandem/policy/rules/internal/policies"
)

var _ = rules.Add(rule.Rule{
	ID:          "iam-policy-no-not-action",
	Title:       "No policy allows all actions but some.",
	Severity:    rule.Medium,
	Description: "All but some includes what AWS adds tomorrow.",
	Remedy:      "list the actions that are allowed in Action",
	Check: policies.NoStatement("policy", func(s policies.Statement) bool {
		return s.Effect == "Allow" && s.NotAction != nil
	}),
}.
	On("aws:iam/policy:Policy", rule.Properties{
		"policy": `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["sqs:SendMessage"],"Resource":"*"}]}`,
	}, "policy", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","NotAction":["iam:*"],"Resource":"*"}]}`).
	On("aws:iam/rolePolicy:RolePolicy", rule.Properties{
		"role":   "deploy",
		"policy": `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["sqs:SendMessage"],"Resource":"*"}]}`,
	}, "policy", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","NotAction":["iam:*"],"Resource":"*"}]}`).
	On("aws:iam/userPolicy:UserPolicy", rule.Properties{
		"user":   "ann",
		"policy": `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["sqs:SendMessage"],"Resource":"*"}]}`,
	}, "policy", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","NotAction":["iam:*"],"Resource":"*"}]}`).
	On("aws:iam/groupPolicy:GroupPolicy", rule.Properties{
		"group":  "web",
		"policy": `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["sqs:SendMessage"],"Resource":"*"}]}`,
	}, "policy", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","NotAction":["iam:*"],"Resource":"*"}]}`))
