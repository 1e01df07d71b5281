package health

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:       "lambda-timeout-bounded",
	Title:    "Lambda functions behind a queue or an API end in time.",
	Severity: rule.Low,
	Description: "A function that hangs is paid for and holds its place until its time is up. The default is three " +
		"seconds.",
	Remedy: "set timeout to 300 or less",
	Check:  rule.That("timeout?", rule.IsAtMost(300)),
}.On("aws:lambda/function:Function", rule.Properties{"role": "arn:aws:iam::123456789012:role/resize", "timeout": 30.0}, "timeout", 900.0))
