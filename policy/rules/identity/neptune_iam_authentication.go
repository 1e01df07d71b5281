package identity

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "neptune-iam-authentication",
	Title:       "Neptune clusters ask for IAM credentials.",
	Severity:    rule.Medium,
	Description: "Without them Neptune asks for nothing: whoever reaches it may do everything.",
	Remedy:      "set iamDatabaseAuthenticationEnabled to true",
	Check:       rule.That("iamDatabaseAuthenticationEnabled", rule.IsTrue),
	Fix:         []rule.Fix{{Property: "iamDatabaseAuthenticationEnabled", Value: true}},
}.On("aws:neptune/cluster:Cluster", rule.Properties{"engine": "neptune", "iamDatabaseAuthenticationEnabled": true}, "iamDatabaseAuthenticationEnabled", false, rule.Missing))
