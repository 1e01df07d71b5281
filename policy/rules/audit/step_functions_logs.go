package audit

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "step-functions-logs",
	Title:       "State machines log their executions.",
	Severity:    rule.Low,
	Description: "The history of an execution is kept for 90 days and cannot be searched.",
	Remedy:      "set loggingConfiguration with level ERROR or ALL",
	Check:       rule.That("loggingConfiguration.level", rule.IsOneOf("ALL", "ERROR", "FATAL")),
}.On("aws:sfn/stateMachine:StateMachine", rule.Properties{
	"definition":           "{}",
	"roleArn":              "arn:aws:iam::123456789012:role/takeover",
	"loggingConfiguration": map[string]any{"level": "ALL", "logDestination": "arn:aws:logs:us-east-1:123456789012:log-group:takeover:*"},
}, "loggingConfiguration.level", "OFF", rule.Missing))
