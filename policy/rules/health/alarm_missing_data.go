package health

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "alarm-missing-data",
	Title:       "Alarms say what missing data means.",
	Severity:    rule.Low,
	Description: "By default an alarm on what stopped reporting keeps its last state for ever.",
	Remedy:      "set treatMissingData to breaching, notBreaching or ignore",
	Check:       rule.That("treatMissingData", rule.IsSet),
}.On("aws:cloudwatch/metricAlarm:MetricAlarm", rule.Properties{
	"comparisonOperator": "GreaterThanThreshold",
	"evaluationPeriods":  1.0,
	"treatMissingData":   "notBreaching",
}, "treatMissingData", rule.Missing))
