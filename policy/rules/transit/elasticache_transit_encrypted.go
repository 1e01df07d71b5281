package transit

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "elasticache-transit-encrypted",
	Title:       "ElastiCache replication groups are encrypted in transit.",
	Severity:    rule.High,
	Description: "Without it commands, data and the password pass in the clear, and there can be no password.",
	Remedy:      "set transitEncryptionEnabled to true",
	Check:       rule.That("transitEncryptionEnabled", rule.IsTrue),
	Fix:         []rule.Fix{{Property: "transitEncryptionEnabled", Value: true}},
}.On("aws:elasticache/replicationGroup:ReplicationGroup", rule.Properties{"description": "sessions", "transitEncryptionEnabled": true}, "transitEncryptionEnabled", false, rule.Missing))
