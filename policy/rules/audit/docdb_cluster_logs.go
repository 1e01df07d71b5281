package audit

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "docdb-cluster-logs",
	Title:       "DocumentDB clusters send a log to CloudWatch.",
	Severity:    rule.Medium,
	Description: "The log on the instance goes with the instance, and nothing alarms on it.",
	Remedy:      "set enabledCloudwatchLogsExports",
	Check:       rule.That("enabledCloudwatchLogsExports", rule.IsSet),
}.On("aws:docdb/cluster:Cluster", rule.Properties{"engine": "docdb", "enabledCloudwatchLogsExports": []any{"audit"}}, "enabledCloudwatchLogsExports", rule.Missing, []any{}))
