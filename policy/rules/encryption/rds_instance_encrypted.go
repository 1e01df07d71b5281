package encryption

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:       "rds-instance-encrypted",
	Title:    "RDS instances are encrypted.",
	Severity: rule.High,
	Description: "Storage, backups, replicas and snapshots are encrypted together or not at all, and an instance that " +
		"exists cannot be encrypted in place.",
	Remedy: "set storageEncrypted to true, and kmsKeyId to a key of your own",
	Check:  rule.That("storageEncrypted", rule.IsTrue),
	Fix:    []rule.Fix{{Property: "storageEncrypted", Value: true}},
}.On("aws:rds/instance:Instance", rule.Properties{"instanceClass": "db.t4g.medium", "engine": "postgres", "storageEncrypted": true}, "storageEncrypted", false, rule.Missing))
