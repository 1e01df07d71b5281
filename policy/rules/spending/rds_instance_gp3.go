package spending

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "rds-instance-gp3",
	Title:       "RDS instances use storage of type gp3.",
	Severity:    rule.Low,
	Description: "gp3 has more throughput for the same price.",
	Remedy:      "set storageType to gp3",
	Check:       rule.That("storageType", rule.IsNoneOf("gp2", "io1", "standard")),
	Fix:         []rule.Fix{{Property: "storageType", Value: "gp3"}},
}.On("aws:rds/instance:Instance", rule.Properties{"instanceClass": "db.t4g.medium", "allocatedStorage": 100.0, "storageType": "gp3"}, "storageType", "gp2", "standard"))
