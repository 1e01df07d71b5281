package exposure

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "msk-not-public",
	Title:       "MSK brokers have no public addresses.",
	Severity:    rule.High,
	Description: "Brokers with public addresses are one credential away from everyone.",
	Remedy:      "leave brokerNodeGroupInfo.connectivityInfo.publicAccess out, and connect through the VPC",
	Check:       rule.That("brokerNodeGroupInfo.connectivityInfo.publicAccess.type", rule.IsOneOf("", "DISABLED")),
}.On("aws:msk/cluster:Cluster", rule.Properties{
	"kafkaVersion":        "3.8.x",
	"numberOfBrokerNodes": 3.0,
	"brokerNodeGroupInfo": map[string]any{"instanceType": "kafka.m7g.large", "clientSubnets": []any{"subnet-1"}, "connectivityInfo": map[string]any{"publicAccess": map[string]any{"type": "DISABLED"}}},
}, "brokerNodeGroupInfo.connectivityInfo.publicAccess.type", "SERVICE_PROVIDED_EIPS"))
