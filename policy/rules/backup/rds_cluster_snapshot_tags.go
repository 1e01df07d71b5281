package backup

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "rds-cluster-snapshot-tags",
	Title:       "Snapshots of Aurora clusters carry the tags of the cluster.",
	Severity:    rule.Low,
	Description: "Without tags nobody knows whose a snapshot is, and whether it may go.",
	Remedy:      "set copyTagsToSnapshot to true",
	Check:       rule.That("copyTagsToSnapshot", rule.IsTrue),
	Fix:         []rule.Fix{{Property: "copyTagsToSnapshot", Value: true}},
}.On("aws:rds/cluster:Cluster", rule.Properties{"engine": "aurora-postgresql", "copyTagsToSnapshot": true}, "copyTagsToSnapshot", false, rule.Missing))
