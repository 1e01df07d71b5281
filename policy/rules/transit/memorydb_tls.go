package transit

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "memorydb-tls",
	Title:       "MemoryDB clusters talk TLS.",
	Severity:    rule.High,
	Description: "It is on by default; turned off, commands, data and passwords pass in the clear.",
	Remedy:      "leave tlsEnabled out",
	Check:       rule.That("tlsEnabled", rule.IsNotFalse),
	Fix:         []rule.Fix{{Property: "tlsEnabled", Value: true}},
}.On("aws:memorydb/cluster:Cluster", rule.Properties{"aclName": "app", "nodeType": "db.t4g.small", "tlsEnabled": true}, "tlsEnabled", false))
