package encryption

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:       "redshift-cluster-encrypted",
	Title:    "Redshift clusters are encrypted.",
	Severity: rule.High,
	Description: "A warehouse gathers copies of what other stores protect one by one. Its snapshots are encrypted only if " +
		"it is.",
	Remedy: "set encrypted to true, and kmsKeyId to a key of your own",
	Check:  rule.That("encrypted", rule.IsTrue),
	Fix:    []rule.Fix{{Property: "encrypted", Value: true}},
}.On("aws:redshift/cluster:Cluster", rule.Properties{"clusterIdentifier": "reports", "nodeType": "ra3.large", "encrypted": true}, "encrypted", false, rule.Missing))
