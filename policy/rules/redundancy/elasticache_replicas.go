package redundancy

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:       "elasticache-replicas",
	Title:    "ElastiCache replication groups have replicas.",
	Severity: rule.Medium,
	Description: "A cache of one node is empty after the node is lost, and what it kept away from the database comes all " +
		"at once.",
	Remedy: "set numCacheClusters to 2 or more",
	Check:  rule.When("numNodeGroups", rule.IsNotSet, rule.When("globalReplicationGroupId", rule.IsNotSet, rule.That("numCacheClusters", rule.IsAtLeast(2)))),
}.
	On("aws:elasticache/replicationGroup:ReplicationGroup", rule.Properties{
		"description":              "sessions",
		"numCacheClusters":         2.0,
		"automaticFailoverEnabled": true,
		"multiAzEnabled":           true,
	}, "numCacheClusters", 1.0, rule.Missing).
	Accepts(rule.Properties{"description": "sessions", "numNodeGroups": 2.0, "replicasPerNodeGroup": 1.0}))
