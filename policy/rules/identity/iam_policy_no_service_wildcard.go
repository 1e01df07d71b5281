package identity

import (
	"github.com/tandem-platform/tandem/policy/rule"
	"github.com/tandem-platform/tandem/policy/rules/internal/policies"
)

var _ = rules.Add(rule.Rule{
	ID:          "iam-policy-no-service-wildcard",
	Title:       "No policy allows all actions of a service on everything.",
	Severity:    rule.Medium,
	Description: "A whole service has actions that nobody meant to give: deleting, sharing, changing policies.",
	Remedy:      "list the actions, or the resources",
	Check: policies.NoStatement("policy", func(s policies.Statement) bool {
		return s.Effect == "Allow" && s.WholeService() && s.Reaches("*") && len(s.Condition) == 0
	}),
}.
	On("aws:iam/policy:Policy", rule.Properties{
		"policy": `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["sqs:SendMessage"],"Resource":"*"}]}`,
	}, "policy", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["sqs:*"],"Resource":"*"}]}`).
	On("aws:iam/rolePolicy:RolePolicy", rule.Properties{
		"role":   "deploy",
		"policy": `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["sqs:SendMessage"],"Resource":"*"}]}`,
	}, "policy", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["sqs:*"],"Resource":"*"}]}`).
	On("aws:iam/userPolicy:UserPolicy", rule.Properties{
		"user":   "ann",
		"policy": `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["sqs:SendMessage"],"Resource":"*"}]}`,
	}, "policy", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["sqs:*"],"Resource":"*"}]}`).
	On("aws:iam/groupPolicy:GroupPolicy", rule.Properties{
		"group":  "web",
		"policy": `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["sqs:SendMessage"],"Resource":"*"}]}`,
	}, "policy", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["sqs:*"],"Resource":"*"}]}`))
