package transit

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "msk-brokers-tls",
	Title:       "Brokers of an MSK cluster talk TLS to each other.",
	Severity:    rule.High,
	Description: "It is on by default, and is settled when the cluster is made.",
	Remedy:      "leave encryptionInfo.encryptionInTransit.inCluster out",
	Check:       rule.That("encryptionInfo.encryptionInTransit.inCluster", rule.IsNotFalse),
	Fix:         []rule.Fix{{Property: "encryptionInfo.encryptionInTransit.inCluster", Value: true}},
}.On("aws:msk/cluster:Cluster", rule.Properties{
	"kafkaVersion":        "3.8.x",
	"numberOfBrokerNodes": 3.0,
	"encryptionInfo":      map[string]any{"encryptionInTransit": map[string]any{"clientBroker": "TLS", "inCluster": true}},
}, "encryptionInfo.encryptionInTransit.inCluster", false))
