package redundancy

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "mq-deployment-mode",
	Title:       "MQ brokers have a standby.",
	Severity:    rule.Medium,
	Description: "A single instance is down while it is patched or moved.",
	Remedy:      "set deploymentMode to ACTIVE_STANDBY_MULTI_AZ, or CLUSTER_MULTI_AZ for RabbitMQ",
	Check:       rule.That("deploymentMode", rule.IsOneOf("ACTIVE_STANDBY_MULTI_AZ", "CLUSTER_MULTI_AZ")),
}.On("aws:mq/broker:Broker", rule.Properties{
	"brokerName":       "orders",
	"engineType":       "ActiveMQ",
	"engineVersion":    "5.18",
	"hostInstanceType": "mq.m5.large",
	"deploymentMode":   "ACTIVE_STANDBY_MULTI_AZ",
}, "deploymentMode", "SINGLE_INSTANCE", rule.Missing))
