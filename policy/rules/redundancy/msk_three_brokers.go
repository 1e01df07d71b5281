package redundancy

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "msk-three-brokers",
	Title:       "MSK clusters have three brokers.",
	Severity:    rule.Medium,
	Description: "With two brokers, one that is patched or lost leaves topics without a quorum.",
	Remedy:      "set numberOfBrokerNodes to 3 or more",
	Check:       rule.That("numberOfBrokerNodes", rule.IsAtLeast(3)),
}.On("aws:msk/cluster:Cluster", rule.Properties{"kafkaVersion": "3.8.x", "numberOfBrokerNodes": 3.0}, "numberOfBrokerNodes", 2.0))
