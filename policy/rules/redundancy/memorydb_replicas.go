package redundancy

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "memorydb-replicas",
	Title:       "Shards of MemoryDB clusters have replicas.",
	Severity:    rule.Medium,
	Description: "A shard of one node takes no requests until a new one has read the log. The default is one replica.",
	Remedy:      "leave numReplicasPerShard out, or set it to 1 or more",
	Check:       rule.That("numReplicasPerShard?", rule.IsAtLeast(1)),
	Fix:         []rule.Fix{{Property: "numReplicasPerShard", Value: 1.0}},
}.On("aws:memorydb/cluster:Cluster", rule.Properties{"aclName": "app", "nodeType": "db.t4g.small", "numReplicasPerShard": 1.0}, "numReplicasPerShard", 0.0))
