package encryption

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:       "elasticache-replication-group-encrypted",
	Title:    "ElastiCache replication groups are encrypted at rest.",
	Severity: rule.High,
	Description: "A cache writes its memory to disk when it synchronises replicas, swaps, and makes backups. It is " +
		"settled when the group is made.",
	Remedy: "set atRestEncryptionEnabled to true",
	Check:  rule.That("atRestEncryptionEnabled", rule.IsTrue),
	Fix:    []rule.Fix{{Property: "atRestEncryptionEnabled", Value: true}},
}.On("aws:elasticache/replicationGroup:ReplicationGroup", rule.Properties{"description": "sessions", "atRestEncryptionEnabled": true}, "atRestEncryptionEnabled", false, rule.Missing))
