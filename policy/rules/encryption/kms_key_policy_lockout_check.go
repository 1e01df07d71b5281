package encryption

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "kms-key-policy-lockout-check",
	Title:       "KMS keys are made with the check that their policy does not lock everyone out.",
	Severity:    rule.High,
	Description: "A key whose policy admits nobody can be neither used nor deleted, except through AWS support.",
	Remedy:      "leave bypassPolicyLockoutSafetyCheck out",
	Check:       rule.That("bypassPolicyLockoutSafetyCheck", rule.IsNotTrue),
	Fix:         []rule.Fix{{Property: "bypassPolicyLockoutSafetyCheck", Value: false}},
}.On("aws:kms/key:Key", rule.Properties{"description": "orders", "bypassPolicyLockoutSafetyCheck": false}, "bypassPolicyLockoutSafetyCheck", true))
