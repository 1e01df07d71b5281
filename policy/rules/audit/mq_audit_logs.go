package audit

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "mq-audit-logs",
	Title:       "MQ brokers log what administrators do.",
	Severity:    rule.Low,
	Description: "Who made a user or deleted a queue is in the audit log alone.",
	Remedy:      "set logs.audit to true",
	Check:       rule.When("engineType", rule.IsOneOf("ActiveMQ"), rule.That("logs.audit", rule.IsTrue)),
	Fix:         []rule.Fix{{Property: "logs.audit", Value: true}},
}.On("aws:mq/broker:Broker", rule.Properties{
	"brokerName":       "orders",
	"engineType":       "ActiveMQ",
	"engineVersion":    "5.18",
	"hostInstanceType": "mq.m5.large",
	"logs":             map[string]any{"audit": true, "general": true},
}, "logs.audit", false, rule.Missing))
