package audit

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "neptune-cluster-logs",
	Title:       "Neptune clusters send a log to CloudWatch.",
	Severity:    rule.Medium,
	Description: "The log on the instance goes with the instance, and nothing alarms on it.",
	Remedy:      "set enableCloudwatchLogsExports",
	Check:       rule.That("enableCloudwatchLogsExports", rule.IsSet),
}.On("aws:neptune/cluster:Cluster", rule.Properties{"engine": "neptune", "enableCloudwatchLogsExports": []any{"audit"}}, "enableCloudwatchLogsExports", rule.Missing, []any{}))
