package backup

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "rds-instance-snapshot-tags",
	Title:       "Snapshots of RDS instances carry the tags of the instance.",
	Severity:    rule.Low,
	Description: "Without tags nobody knows whose a snapshot is, and whether it may go.",
	Remedy:      "set copyTagsToSnapshot to true",
	Check:       rule.That("copyTagsToSnapshot", rule.IsTrue),
	Fix:         []rule.Fix{{Property: "copyTagsToSnapshot", Value: true}},
}.On("aws:rds/instance:Instance", rule.Properties{"instanceClass": "db.t4g.medium", "copyTagsToSnapshot": true}, "copyTagsToSnapshot", false, rule.Missing))
