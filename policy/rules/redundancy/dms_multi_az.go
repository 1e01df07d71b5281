package redundancy

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "dms-multi-az",
	Title:       "DMS replication instances have a standby in another zone.",
	Severity:    rule.Low,
	Description: "A replication that stops with its instance falls behind, and may have to begin anew.",
	Remedy:      "set multiAz to true",
	Check:       rule.That("multiAz", rule.IsTrue),
	Fix:         []rule.Fix{{Property: "multiAz", Value: true}},
}.On("aws:dms/replicationInstance:ReplicationInstance", rule.Properties{
	"replicationInstanceClass": "dms.t3.medium",
	"replicationInstanceId":    "move",
	"multiAz":                  true,
}, "multiAz", false, rule.Missing))
