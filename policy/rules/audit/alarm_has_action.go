package audit

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:       "alarm-has-action",
	Title:    "Alarms tell somebody.",
	Severity: rule.Medium,
	Description: "An alarm without an action is a picture that nobody looks at. One that only feeds another alarm or a " +
		"health check needs an exception.",
	Remedy: "set alarmActions",
	Check:  rule.That("alarmActions", rule.IsSet),
}.On("aws:cloudwatch/metricAlarm:MetricAlarm", rule.Properties{
	"comparisonOperator": "GreaterThanThreshold",
	"evaluationPeriods":  1.0,
	"alarmActions":       []any{"arn:aws:sns:us-east-1:123456789012:alarms"},
}, "alarmActions", rule.Missing, []any{}))
