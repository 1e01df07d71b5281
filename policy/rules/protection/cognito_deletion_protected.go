package protection

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "cognito-deletion-protected",
	Title:       "Cognito user pools are protected from deletion.",
	Severity:    rule.High,
	Description: "With the pool every user is gone, and no backup of one exists.",
	Remedy:      "set deletionProtection to ACTIVE",
	Check:       rule.That("deletionProtection", rule.IsOneOf("ACTIVE")),
	Fix:         []rule.Fix{{Property: "deletionProtection", Value: "ACTIVE"}},
}.On("aws:cognito/userPool:UserPool", rule.Properties{"name": "customers", "deletionProtection": "ACTIVE"}, "deletionProtection", "INACTIVE", rule.Missing))
