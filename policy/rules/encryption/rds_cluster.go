package encryption

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:       "rds-cluster-encrypted",
	Title:    "RDS clusters are encrypted.",
	Severity: rule.High,
	Description: "The storage of a cluster, its backups, snapshots and replicas are encrypted together or not at all, " +
		"and only when the cluster is created.",
	Remedy: "set storageEncrypted to true, and kmsKeyId to a key of your own",
	Types:  []string{"aws:rds/cluster:Cluster"},
	Check:  rule.That("storageEncrypted", rule.IsTrue),
	Good: []rule.Example{{
		{Type: "aws:rds/cluster:Cluster", Name: "orders", Properties: map[string]any{"engine": "aurora-postgresql", "storageEncrypted": true}},
	}},
	Bad: []rule.Example{
		{{Type: "aws:rds/cluster:Cluster", Name: "orders", Properties: map[string]any{"engine": "aurora-postgresql"}}},
		{{Type: "aws:rds/cluster:Cluster", Name: "orders", Properties: map[string]any{"engine": "aurora-postgresql", "storageEncrypted": false}}},
	},
})
