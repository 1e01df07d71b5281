package spending

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "glue-job-timeout",
	Title:       "Glue jobs end.",
	Severity:    rule.Low,
	Description: "A job that hangs is paid for by the second, for two days by default.",
	Remedy:      "set timeout, in minutes",
	Check:       rule.That("timeout", rule.IsAtMost(480)),
}.On("aws:glue/job:Job", rule.Properties{
	"roleArn": "arn:aws:iam::123456789012:role/glue",
	"command": map[string]any{"scriptLocation": "s3://jobs/load.py"},
	"timeout": 60.0,
}, "timeout", 2880.0, rule.Missing))
