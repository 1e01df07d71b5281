package compute

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "rds-instance-minor-upgrades",
	Title:       "RDS instances take minor versions by themselves.",
	Severity:    rule.Medium,
	Description: "Minor versions are where flaws of the engine are mended.",
	Remedy:      "leave autoMinorVersionUpgrade out",
	Check:       rule.That("autoMinorVersionUpgrade", rule.IsNotFalse),
	Fix:         []rule.Fix{{Property: "autoMinorVersionUpgrade", Value: true}},
}.On("aws:rds/instance:Instance", rule.Properties{"instanceClass": "db.t4g.medium", "autoMinorVersionUpgrade": true}, "autoMinorVersionUpgrade", false))
