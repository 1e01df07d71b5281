package redundancy

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "redshift-multi-az",
	Title:       "Redshift clusters are in several zones, or can move.",
	Severity:    rule.Medium,
	Description: "With the loss of its zone a cluster is down until the zone is back.",
	Remedy:      "set multiAz to true, or availabilityZoneRelocationEnabled",
	Check:       rule.When("availabilityZoneRelocationEnabled", rule.IsNotTrue, rule.That("multiAz", rule.IsTrue)),
}.
	On("aws:redshift/cluster:Cluster", rule.Properties{"clusterIdentifier": "reports", "nodeType": "ra3.large", "multiAz": true}, "multiAz", false, rule.Missing).
	Accepts(rule.Properties{
		"clusterIdentifier":                 "reports",
		"nodeType":                          "ra3.large",
		"availabilityZoneRelocationEnabled": true,
	}))
