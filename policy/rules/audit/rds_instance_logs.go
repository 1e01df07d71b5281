package audit

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "rds-instance-logs",
	Title:       "RDS instances send a log to CloudWatch.",
	Severity:    rule.Medium,
	Description: "The log on the instance goes with the instance, and nothing alarms on it.",
	Remedy:      "set enabledCloudwatchLogsExports",
	Check:       rule.That("enabledCloudwatchLogsExports", rule.IsSet),
}.On("aws:rds/instance:Instance", rule.Properties{
	"instanceClass":                "db.t4g.medium",
	"enabledCloudwatchLogsExports": []any{"postgresql", "upgrade"},
}, "enabledCloudwatchLogsExports", rule.Missing, []any{}))
