package encryption

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:       "ebs-snapshot-copy-encrypted",
	Title:    "Copies of EBS snapshots are encrypted.",
	Severity: rule.High,
	Description: "A copy is where an unencrypted snapshot can become an encrypted one, and the last one before the data " +
		"leaves its region.",
	Remedy: "set encrypted to true",
	Check:  rule.That("encrypted", rule.IsTrue),
	Fix:    []rule.Fix{{Property: "encrypted", Value: true}},
}.On("aws:ebs/snapshotCopy:SnapshotCopy", rule.Properties{
	"sourceRegion":     "us-east-1",
	"sourceSnapshotId": "snap-11111111",
	"encrypted":        true,
}, "encrypted", false, rule.Missing))
