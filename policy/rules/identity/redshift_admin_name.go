package identity

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "redshift-admin-name",
	Title:       "The administrator of a Redshift cluster has no default name.",
	Severity:    rule.Low,
	Description: "A known name is half of what is guessed.",
	Remedy:      "set masterUsername to another name",
	Check:       rule.That("masterUsername", rule.IsNoneOf("awsuser")),
}.On("aws:redshift/cluster:Cluster", rule.Properties{
	"clusterIdentifier": "reports",
	"nodeType":          "ra3.large",
	"masterUsername":    "keeper",
}, "masterUsername", "awsuser"))
