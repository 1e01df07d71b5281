package audit

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "rds-cluster-logs",
	Title:       "Aurora clusters send a log to CloudWatch.",
	Severity:    rule.Medium,
	Description: "The log on the instance goes with the instance, and nothing alarms on it.",
	Remedy:      "set enabledCloudwatchLogsExports",
	Check:       rule.That("enabledCloudwatchLogsExports", rule.IsSet),
}.On("aws:rds/cluster:Cluster", rule.Properties{"engine": "aurora-postgresql", "enabledCloudwatchLogsExports": []any{"postgresql"}}, "enabledCloudwatchLogsExports", rule.Missing, []any{}))
