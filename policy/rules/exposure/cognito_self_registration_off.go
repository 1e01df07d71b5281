package exposure

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:       "cognito-self-registration-off",
	Title:    "Cognito user pools let administrators alone make users.",
	Severity: rule.Low,
	Description: "Otherwise everyone makes an account for themselves. A pool that is for the public needs an exception " +
		"that says so.",
	Remedy: "set adminCreateUserConfig.allowAdminCreateUserOnly to true",
	Check:  rule.That("adminCreateUserConfig.allowAdminCreateUserOnly", rule.IsTrue),
}.On("aws:cognito/userPool:UserPool", rule.Properties{
	"name":                  "staff",
	"adminCreateUserConfig": map[string]any{"allowAdminCreateUserOnly": true},
}, "adminCreateUserConfig.allowAdminCreateUserOnly", false, rule.Missing))
