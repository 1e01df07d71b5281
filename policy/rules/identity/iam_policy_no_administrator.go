package identity

import (
	"github.com/tandem-platform/tandem/policy/rule"
	"github.com/tandem-platform/tandem/policy/rules/internal/policies"
)

var _ = rules.Add(rule.Rule{
	ID:          "iam-policy-no-administrator",
	Title:       "No policy allows every action on everything.",
	Severity:    rule.High,
	Description: "Who may do everything is one mistake, or one stolen session, away from doing it.",
	Remedy:      "list the actions and resources that are needed",
	Check: policies.NoStatement("policy", func(s policies.Statement) bool {
		return s.Allows("*") && s.Reaches("*") && len(s.Condition) == 0
	}),
}.
	On("aws:iam/policy:Policy", rule.Properties{
		"policy": `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:GetObject"],"Resource":"arn:aws:s3:::files/*"}]}`,
	}, "policy", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`, `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["*:*"],"Resource":["*"]}]}`).
	On("aws:iam/rolePolicy:RolePolicy", rule.Properties{
		"role":   "deploy",
		"policy": `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:GetObject"],"Resource":"arn:aws:s3:::files/*"}]}`,
	}, "policy", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`, `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["*:*"],"Resource":["*"]}]}`).
	On("aws:iam/userPolicy:UserPolicy", rule.Properties{
		"user":   "ann",
		"policy": `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:GetObject"],"Resource":"arn:aws:s3:::files/*"}]}`,
	}, "policy", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`, `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["*:*"],"Resource":["*"]}]}`).
	On("aws:iam/groupPolicy:GroupPolicy", rule.Properties{
		"group":  "web",
		"policy": `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:GetObject"],"Resource":"arn:aws:s3:::files/*"}]}`,
	}, "policy", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`, `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["*:*"],"Resource":["*"]}]}`))
