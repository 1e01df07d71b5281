package identity

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "rds-cluster-iam-authentication",
	Title:       "Aurora clusters take IAM tokens in the place of passwords.",
	Severity:    rule.Low,
	Description: "A token lasts a quarter of an hour and is nobody's to keep.",
	Remedy:      "set iamDatabaseAuthenticationEnabled to true",
	Check:       rule.That("iamDatabaseAuthenticationEnabled", rule.IsTrue),
	Fix:         []rule.Fix{{Property: "iamDatabaseAuthenticationEnabled", Value: true}},
}.On("aws:rds/cluster:Cluster", rule.Properties{"engine": "aurora-postgresql", "iamDatabaseAuthenticationEnabled": true}, "iamDatabaseAuthenticationEnabled", false, rule.Missing))
