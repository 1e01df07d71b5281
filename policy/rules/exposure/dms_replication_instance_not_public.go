package exposure

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "dms-replication-instance-not-public",
	Title:       "DMS replication instances are not reachable from the internet.",
	Severity:    rule.High,
	Description: "The instance holds the credentials of both databases, and the data that passes.",
	Remedy:      "set publiclyAccessible to false",
	Check:       rule.That("publiclyAccessible", rule.IsNotTrue),
	Fix:         []rule.Fix{{Property: "publiclyAccessible", Value: false}},
}.On("aws:dms/replicationInstance:ReplicationInstance", rule.Properties{
	"replicationInstanceClass": "dms.t3.medium",
	"replicationInstanceId":    "move",
	"publiclyAccessible":       false,
}, "publiclyAccessible", true))
