package audit

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "cloudtrail-to-cloudwatch",
	Title:       "CloudTrail trails go to CloudWatch Logs too.",
	Severity:    rule.Low,
	Description: "Files in a bucket are late by a quarter of an hour, and nothing alarms on them.",
	Remedy:      "set cloudWatchLogsGroupArn and cloudWatchLogsRoleArn",
	Check:       rule.That("cloudWatchLogsGroupArn", rule.IsSet),
}.On("aws:cloudtrail/trail:Trail", rule.Properties{
	"s3BucketName":           "trails",
	"cloudWatchLogsGroupArn": "arn:aws:logs:us-east-1:123456789012:log-group:trail:*",
}, "cloudWatchLogsGroupArn", rule.Missing))
