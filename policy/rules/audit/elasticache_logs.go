package audit

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "elasticache-logs",
	Title:       "ElastiCache replication groups send their logs somewhere.",
	Severity:    rule.Low,
	Description: "The slow log shows which commands block the others.",
	Remedy:      "set logDeliveryConfigurations",
	Check:       rule.That("logDeliveryConfigurations", rule.IsSet),
}.On("aws:elasticache/replicationGroup:ReplicationGroup", rule.Properties{
	"description":               "sessions",
	"logDeliveryConfigurations": []any{map[string]any{"destination": "cache", "destinationType": "cloudwatch-logs", "logFormat": "json", "logType": "slow-log"}},
}, "logDeliveryConfigurations", rule.Missing, []any{}))
