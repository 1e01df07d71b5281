package identity

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "rds-instance-iam-authentication",
	Title:       "RDS instances take IAM tokens in the place of passwords.",
	Severity:    rule.Low,
	Description: "A token lasts a quarter of an hour and is nobody's to keep.",
	Remedy:      "set iamDatabaseAuthenticationEnabled to true",
	Check:       rule.When("engine", rule.IsOneOf("mysql", "postgres", "mariadb"), rule.That("iamDatabaseAuthenticationEnabled", rule.IsTrue)),
	Fix:         []rule.Fix{{Property: "iamDatabaseAuthenticationEnabled", Value: true}},
}.
	On("aws:rds/instance:Instance", rule.Properties{
		"engine":                           "postgres",
		"instanceClass":                    "db.t4g.medium",
		"iamDatabaseAuthenticationEnabled": true,
	}, "iamDatabaseAuthenticationEnabled", false, rule.Missing).
	Accepts(rule.Properties{"engine": "oracle-ee", "instanceClass": "db.m6i.large"}))
