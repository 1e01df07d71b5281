package protection

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "docdb-final-snapshot",
	Title:       "DocumentDB clusters leave a snapshot behind.",
	Severity:    rule.Medium,
	Description: "Without a last snapshot, a deletion is for ever.",
	Remedy:      "leave skipFinalSnapshot out and set finalSnapshotIdentifier",
	Check:       rule.That("skipFinalSnapshot", rule.IsNotTrue),
}.On("aws:docdb/cluster:Cluster", rule.Properties{"engine": "docdb", "finalSnapshotIdentifier": "last", "skipFinalSnapshot": false}, "skipFinalSnapshot", true))
