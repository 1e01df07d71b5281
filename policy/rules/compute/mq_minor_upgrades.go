package compute

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "mq-minor-upgrades",
	Title:       "MQ brokers take minor versions by themselves.",
	Severity:    rule.Low,
	Description: "Minor versions are where flaws of the engine are mended.",
	Remedy:      "set autoMinorVersionUpgrade to true",
	Check:       rule.That("autoMinorVersionUpgrade", rule.IsTrue),
	Fix:         []rule.Fix{{Property: "autoMinorVersionUpgrade", Value: true}},
}.On("aws:mq/broker:Broker", rule.Properties{
	"brokerName":              "orders",
	"engineType":              "ActiveMQ",
	"engineVersion":           "5.18",
	"hostInstanceType":        "mq.m5.large",
	"autoMinorVersionUpgrade": true,
}, "autoMinorVersionUpgrade", false, rule.Missing))
