package identity

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "rds-cluster-admin-name",
	Title:       "The administrator of an Aurora cluster has no default name.",
	Severity:    rule.Low,
	Description: "A known name is half of what is guessed.",
	Remedy:      "set masterUsername to another name",
	Check:       rule.That("masterUsername", rule.IsNoneOf("admin", "postgres")),
}.On("aws:rds/cluster:Cluster", rule.Properties{"engine": "aurora-postgresql", "masterUsername": "keeper"}, "masterUsername", "admin", "postgres"))
