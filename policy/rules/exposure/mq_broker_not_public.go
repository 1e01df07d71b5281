package exposure

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "mq-broker-not-public",
	Title:       "MQ brokers are not reachable from the internet.",
	Severity:    rule.High,
	Description: "A broker with a public address shows its console and takes messages from whoever has a password.",
	Remedy:      "leave publiclyAccessible out",
	Check:       rule.That("publiclyAccessible", rule.IsNotTrue),
	Fix:         []rule.Fix{{Property: "publiclyAccessible", Value: false}},
}.On("aws:mq/broker:Broker", rule.Properties{
	"brokerName":         "orders",
	"engineType":         "ActiveMQ",
	"engineVersion":      "5.18",
	"hostInstanceType":   "mq.m5.large",
	"publiclyAccessible": false,
}, "publiclyAccessible", true))
