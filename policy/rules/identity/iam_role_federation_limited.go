package identity

import (
	"github.com/tandem-platform/tandem/policy/rule"
	"github.com/tandem-platform/tandem/policy/rules/internal/policies"
)

var _ = rules.Add(rule.Rule{
	ID:          "iam-role-federation-limited",
	Title:       "Roles that trust an OpenID Connect provider say which subject may take them.",
	Severity:    rule.High,
	Description: "Without a condition on the subject, every repository or workload of the provider may take the role.",
	Remedy:      "add a condition on the provider's :sub",
	Check: policies.NoStatement("assumeRolePolicy", func(s policies.Statement) bool {
		return s.Effect == "Allow" && s.Federated() && !s.ConditionOn(":sub")
	}),
}.On("aws:iam/role:Role", rule.Properties{
	"assumeRolePolicy": `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRoleWithWebIdentity","Principal":{"Federated":"arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"},"Condition":{"StringEquals":{"token.actions.githubusercontent.com:sub":"repo:tandem/web:ref:refs/heads/main"}}}]}`,
}, "assumeRolePolicy", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRoleWithWebIdentity","Principal":{"Federated":"arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"},"Condition":{"StringEquals":{"token.actions.githubusercontent.com:aud":"sts.amazonaws.com"}}}]}`))
