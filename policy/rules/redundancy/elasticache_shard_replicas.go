package redundancy

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "elasticache-shard-replicas",
	Title:       "Shards of ElastiCache replication groups have replicas.",
	Severity:    rule.Medium,
	Description: "A shard of one node is lost with it.",
	Remedy:      "set replicasPerNodeGroup to 1 or more",
	Check:       rule.When("numNodeGroups", rule.IsSet, rule.That("replicasPerNodeGroup", rule.IsAtLeast(1))),
}.
	On("aws:elasticache/replicationGroup:ReplicationGroup", rule.Properties{"description": "sessions", "numNodeGroups": 2.0, "replicasPerNodeGroup": 1.0}, "replicasPerNodeGroup", 0.0, rule.Missing).
	Accepts(rule.Properties{
		"description":              "sessions",
		"numCacheClusters":         2.0,
		"automaticFailoverEnabled": true,
		"multiAzEnabled":           true,
	}))
