package compute

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "redshift-version-upgrades",
	Title:       "Redshift clusters take new versions by themselves.",
	Severity:    rule.Medium,
	Description: "New versions are where flaws of the engine are mended.",
	Remedy:      "leave allowVersionUpgrade out",
	Check:       rule.That("allowVersionUpgrade", rule.IsNotFalse),
	Fix:         []rule.Fix{{Property: "allowVersionUpgrade", Value: true}},
}.On("aws:redshift/cluster:Cluster", rule.Properties{
	"clusterIdentifier":   "reports",
	"nodeType":            "ra3.large",
	"allowVersionUpgrade": true,
}, "allowVersionUpgrade", false))
