package encryption

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "docdb-cluster-encrypted",
	Title:       "DocumentDB clusters are encrypted.",
	Severity:    rule.High,
	Description: "Encryption covers the storage, the backups and the replicas, and is settled when the cluster is made.",
	Remedy:      "set storageEncrypted to true",
	Check:       rule.That("storageEncrypted", rule.IsTrue),
	Fix:         []rule.Fix{{Property: "storageEncrypted", Value: true}},
}.On("aws:docdb/cluster:Cluster", rule.Properties{"engine": "docdb", "storageEncrypted": true}, "storageEncrypted", false, rule.Missing))
