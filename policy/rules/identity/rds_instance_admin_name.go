package identity

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "rds-instance-admin-name",
	Title:       "The administrator of an RDS instance has no default name.",
	Severity:    rule.Low,
	Description: "A known name is half of what is guessed.",
	Remedy:      "set username to another name",
	Check:       rule.That("username", rule.IsNoneOf("admin", "postgres")),
}.On("aws:rds/instance:Instance", rule.Properties{"instanceClass": "db.t4g.medium", "username": "keeper"}, "username", "admin", "postgres"))
