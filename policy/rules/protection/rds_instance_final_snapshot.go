package protection

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "rds-instance-final-snapshot",
	Title:       "RDS instances leave a snapshot behind.",
	Severity:    rule.Medium,
	Description: "Without a last snapshot, a deletion is for ever.",
	Remedy:      "leave skipFinalSnapshot out and set finalSnapshotIdentifier",
	Check:       rule.That("skipFinalSnapshot", rule.IsNotTrue),
}.On("aws:rds/instance:Instance", rule.Properties{
	"instanceClass":           "db.t4g.medium",
	"finalSnapshotIdentifier": "last",
	"skipFinalSnapshot":       false,
}, "skipFinalSnapshot", true))
