package compute

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "dms-minor-upgrades",
	Title:       "DMS replication instances take minor versions by themselves.",
	Severity:    rule.Low,
	Description: "Minor versions are where flaws of the engine are mended. The default is not to take them.",
	Remedy:      "set autoMinorVersionUpgrade to true",
	Check:       rule.That("autoMinorVersionUpgrade", rule.IsTrue),
	Fix:         []rule.Fix{{Property: "autoMinorVersionUpgrade", Value: true}},
}.On("aws:dms/replicationInstance:ReplicationInstance", rule.Properties{
	"replicationInstanceClass": "dms.t3.medium",
	"replicationInstanceId":    "move",
	"autoMinorVersionUpgrade":  true,
}, "autoMinorVersionUpgrade", false, rule.Missing))
