package protection

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "redshift-final-snapshot",
	Title:       "Redshift clusters leave a snapshot behind.",
	Severity:    rule.Medium,
	Description: "Without a last snapshot, a deletion is for ever.",
	Remedy:      "leave skipFinalSnapshot out and set finalSnapshotIdentifier",
	Check:       rule.That("skipFinalSnapshot", rule.IsNotTrue),
}.On("aws:redshift/cluster:Cluster", rule.Properties{
	"clusterIdentifier":       "reports",
	"nodeType":                "ra3.large",
	"finalSnapshotIdentifier": "last",
	"skipFinalSnapshot":       false,
}, "skipFinalSnapshot", true))
