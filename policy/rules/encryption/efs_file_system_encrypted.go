package encryption

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "efs-file-system-encrypted",
	Title:       "EFS file systems are encrypted.",
	Severity:    rule.High,
	Description: "It is settled when the file system is made: one that is not encrypted can only be copied to one that is.",
	Remedy:      "set encrypted to true, and kmsKeyId to a key of your own",
	Check:       rule.That("encrypted", rule.IsTrue),
	Fix:         []rule.Fix{{Property: "encrypted", Value: true}},
}.On("aws:efs/fileSystem:FileSystem", rule.Properties{"encrypted": true}, "encrypted", false, rule.Missing))
