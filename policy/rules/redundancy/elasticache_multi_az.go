package redundancy

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "elasticache-multi-az",
	Title:       "ElastiCache replication groups are in several zones.",
	Severity:    rule.Medium,
	Description: "Replicas in the zone of their primary go with it.",
	Remedy:      "set multiAzEnabled to true",
	Check:       rule.That("multiAzEnabled", rule.IsTrue),
}.On("aws:elasticache/replicationGroup:ReplicationGroup", rule.Properties{
	"description":              "sessions",
	"numCacheClusters":         2.0,
	"automaticFailoverEnabled": true,
	"multiAzEnabled":           true,
}, "multiAzEnabled", false, rule.Missing))
