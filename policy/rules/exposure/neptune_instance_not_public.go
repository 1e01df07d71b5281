package exposure

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "neptune-instance-not-public",
	Title:       "Neptune instances are not reachable from the internet.",
	Severity:    rule.Critical,
	Description: "A graph with a public address is one flaw away from everyone.",
	Remedy:      "leave publiclyAccessible out",
	Check:       rule.That("publiclyAccessible", rule.IsNotTrue),
	Fix:         []rule.Fix{{Property: "publiclyAccessible", Value: false}},
}.On("aws:neptune/clusterInstance:ClusterInstance", rule.Properties{
	"clusterIdentifier":  "friends",
	"instanceClass":      "db.r6g.large",
	"publiclyAccessible": false,
}, "publiclyAccessible", true))
