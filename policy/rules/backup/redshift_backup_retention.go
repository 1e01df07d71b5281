package backup

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "redshift-backup-retention",
	Title:       "Redshift clusters keep snapshots for a week.",
	Severity:    rule.High,
	Description: "A mistake is found after the weekend, or after the holiday.",
	Remedy:      "set automatedSnapshotRetentionPeriod to 7 or more",
	Check:       rule.That("automatedSnapshotRetentionPeriod", rule.IsAtLeast(7)),
}.On("aws:redshift/cluster:Cluster", rule.Properties{
	"clusterIdentifier":                "reports",
	"nodeType":                         "ra3.large",
	"automatedSnapshotRetentionPeriod": 7.0,
}, "automatedSnapshotRetentionPeriod", 0.0, 1.0, rule.Missing))
