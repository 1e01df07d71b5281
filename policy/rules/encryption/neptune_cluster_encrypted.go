package encryption

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "neptune-cluster-encrypted",
	Title:       "Neptune clusters are encrypted.",
	Severity:    rule.High,
	Description: "Encryption covers the storage, the backups and the replicas, and is settled when the cluster is made.",
	Remedy:      "set storageEncrypted to true",
	Check:       rule.That("storageEncrypted", rule.IsTrue),
	Fix:         []rule.Fix{{Property: "storageEncrypted", Value: true}},
}.On("aws:neptune/cluster:Cluster", rule.Properties{"engine": "neptune", "storageEncrypted": true}, "storageEncrypted", false, rule.Missing))
