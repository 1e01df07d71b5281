package audit

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "alarm-actions-on",
	Title:       "Alarms do something.",
	Severity:    rule.Medium,
	Description: "An alarm whose actions are off is a picture that nobody looks at.",
	Remedy:      "leave actionsEnabled out",
	Check:       rule.That("actionsEnabled", rule.IsNotFalse),
	Fix:         []rule.Fix{{Property: "actionsEnabled", Value: true}},
}.On("aws:cloudwatch/metricAlarm:MetricAlarm", rule.Properties{
	"comparisonOperator": "GreaterThanThreshold",
	"evaluationPeriods":  1.0,
	"alarmActions":       []any{"arn:aws:sns:us-east-1:123456789012:alarms"},
	"actionsEnabled":     true,
}, "actionsEnabled", false))
