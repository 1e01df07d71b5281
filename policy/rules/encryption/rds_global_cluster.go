package encryption

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:       "rds-global-cluster-encrypted",
	Title:    "RDS global clusters are encrypted.",
	Severity: rule.High,
	Description: "An unencrypted global cluster takes only unencrypted members, in every region. One that is made from " +
		"an existing cluster is encrypted as that one is.",
	Remedy: "set storageEncrypted to true",
	Types:  []string{"aws:rds/globalCluster:GlobalCluster"},
	Check:  rule.When("sourceDbClusterIdentifier", rule.IsNotSet, rule.That("storageEncrypted", rule.IsTrue)),
	Good: []rule.Example{
		{{Type: "aws:rds/globalCluster:GlobalCluster", Name: "orders", Properties: map[string]any{"engine": "aurora-postgresql", "storageEncrypted": true}}},
		{
			{Type: "aws:rds/cluster:Cluster", Name: "first", Properties: map[string]any{"engine": "aurora-postgresql", "storageEncrypted": true}},
			{Type: "aws:rds/globalCluster:GlobalCluster", Name: "orders", Properties: map[string]any{"sourceDbClusterIdentifier": rule.Ref{Resource: "first", Property: "arn"}}},
		},
	},
	Bad: []rule.Example{
		{{Type: "aws:rds/globalCluster:GlobalCluster", Name: "orders", Properties: map[string]any{"engine": "aurora-postgresql"}}},
		{{Type: "aws:rds/globalCluster:GlobalCluster", Name: "orders", Properties: map[string]any{"engine": "aurora-postgresql", "storageEncrypted": false}}},
	},
})
