package audit

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "datasync-logs",
	Title:       "DataSync tasks log transfers.",
	Severity:    rule.Low,
	Description: "A file that was not copied shows in this log alone.",
	Remedy:      "set cloudwatchLogGroupArn",
	Check:       rule.That("cloudwatchLogGroupArn", rule.IsSet),
}.On("aws:datasync/task:Task", rule.Properties{
	"sourceLocationArn":      "arn:aws:datasync:us-east-1:123456789012:location/loc-1",
	"destinationLocationArn": "arn:aws:datasync:us-east-1:123456789012:location/loc-2",
	"cloudwatchLogGroupArn":  "arn:aws:logs:us-east-1:123456789012:log-group:sync",
}, "cloudwatchLogGroupArn", rule.Missing))
