package audit

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "msk-broker-logs",
	Title:       "MSK brokers send their logs somewhere.",
	Severity:    rule.Low,
	Description: "Without them nobody can say why a broker left its cluster.",
	Remedy:      "set loggingInfo.brokerLogs",
	Check:       rule.That("loggingInfo.brokerLogs", rule.IsSet),
}.On("aws:msk/cluster:Cluster", rule.Properties{
	"kafkaVersion":        "3.8.x",
	"numberOfBrokerNodes": 3.0,
	"loggingInfo":         map[string]any{"brokerLogs": map[string]any{"cloudwatchLogs": map[string]any{"enabled": true, "logGroup": "kafka"}}},
}, "loggingInfo", rule.Missing))
