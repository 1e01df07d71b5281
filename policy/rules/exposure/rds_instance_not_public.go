package exposure

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "rds-instance-not-public",
	Title:       "RDS instances are not reachable from the internet.",
	Severity:    rule.Critical,
	Description: "A database with a public address is one password, or one flaw of its engine, away from everyone.",
	Remedy:      "leave publiclyAccessible out, and reach the database from within the VPC",
	Check:       rule.That("publiclyAccessible", rule.IsNotTrue),
	Fix:         []rule.Fix{{Property: "publiclyAccessible", Value: false}},
}.On("aws:rds/instance:Instance", rule.Properties{"instanceClass": "db.t4g.medium", "publiclyAccessible": false}, "publiclyAccessible", true))
