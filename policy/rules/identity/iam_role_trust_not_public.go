package identity

import (
	"github.com/tandem-platform/tandem/policy/rule"
	"github.com/tandem-platform/tandem/policy/rules/internal/policies"
)

var _ = rules.Add(rule.Rule{
	ID:          "iam-role-trust-not-public",
	Title:       "No role trusts everyone.",
	Severity:    rule.Critical,
	Description: "Everyone is anyone with an AWS account.",
	Remedy:      "name the principals, or add a condition such as aws:PrincipalOrgID",
	Check:       policies.NoStatement("assumeRolePolicy", policies.Statement.Public),
}.On("aws:iam/role:Role", rule.Properties{
	"assumeRolePolicy": `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"AWS":"arn:aws:iam::123456789012:root"}}]}`,
}, "assumeRolePolicy", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":"*"}]}`, `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"AWS":"*"}}]}`))
