package redundancy

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "elasticache-failover",
	Title:       "ElastiCache replication groups fail over by themselves.",
	Severity:    rule.High,
	Description: "Without it a lost primary takes no writes until somebody promotes a replica.",
	Remedy:      "set automaticFailoverEnabled to true, with two nodes or more",
	Check:       rule.That("automaticFailoverEnabled", rule.IsTrue),
}.On("aws:elasticache/replicationGroup:ReplicationGroup", rule.Properties{
	"description":              "sessions",
	"numCacheClusters":         2.0,
	"automaticFailoverEnabled": true,
	"multiAzEnabled":           true,
}, "automaticFailoverEnabled", false, rule.Missing))
