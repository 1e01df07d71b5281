package exposure

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "redshift-cluster-not-public",
	Title:       "Redshift clusters are not reachable from the internet.",
	Severity:    rule.Critical,
	Description: "A warehouse with a public address is one password away from everyone.",
	Remedy:      "set publiclyAccessible to false",
	Check:       rule.That("publiclyAccessible", rule.IsNotTrue),
	Fix:         []rule.Fix{{Property: "publiclyAccessible", Value: false}},
}.On("aws:redshift/cluster:Cluster", rule.Properties{
	"clusterIdentifier":  "reports",
	"nodeType":           "ra3.large",
	"publiclyAccessible": false,
}, "publiclyAccessible", true))
