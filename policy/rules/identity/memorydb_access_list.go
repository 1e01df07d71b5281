package identity

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "memorydb-access-list",
	Title:       "MemoryDB clusters ask for a user.",
	Severity:    rule.Medium,
	Description: "With open-access whoever reaches the cluster may read and change it.",
	Remedy:      "make an ACL and set aclName to it",
	Check:       rule.That("aclName", rule.IsNoneOf("open-access")),
}.On("aws:memorydb/cluster:Cluster", rule.Properties{"nodeType": "db.t4g.small", "aclName": "app"}, "aclName", "open-access"))
