package compute

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "elasticache-minor-upgrades",
	Title:       "ElastiCache replication groups take minor versions by themselves.",
	Severity:    rule.Medium,
	Description: "Minor versions are where flaws of the engine are mended.",
	Remedy:      "leave autoMinorVersionUpgrade out",
	Check:       rule.That("autoMinorVersionUpgrade", rule.IsNotFalse),
	Fix:         []rule.Fix{{Property: "autoMinorVersionUpgrade", Value: true}},
}.On("aws:elasticache/replicationGroup:ReplicationGroup", rule.Properties{"description": "sessions", "autoMinorVersionUpgrade": true}, "autoMinorVersionUpgrade", false))
