package redundancy

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "rds-instance-multi-az",
	Title:       "RDS instances have a standby in another zone.",
	Severity:    rule.High,
	Description: "With the loss of a zone, or of a disk, one instance alone is down until it is restored from a backup.",
	Remedy:      "set multiAz to true",
	Check:       rule.When("replicateSourceDb", rule.IsNotSet, rule.That("multiAz", rule.IsTrue)),
	Fix:         []rule.Fix{{Property: "multiAz", Value: true}},
}.
	On("aws:rds/instance:Instance", rule.Properties{"instanceClass": "db.t4g.medium", "multiAz": true}, "multiAz", false, rule.Missing).
	Accepts(rule.Properties{"instanceClass": "db.t4g.medium", "replicateSourceDb": "orders"}))
