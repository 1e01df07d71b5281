package backup

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:       "lambda-dead-letter-queue",
	Title:    "Lambda functions put aside what they failed on.",
	Severity: rule.Low,
	Description: "Of a call that nobody waits for, nothing is left after two more tries. A function that is only called " +
		"by those who wait needs an exception.",
	Remedy: "set deadLetterConfig.targetArn",
	Check:  rule.That("deadLetterConfig.targetArn", rule.IsSet),
}.On("aws:lambda/function:Function", rule.Properties{
	"role":             "arn:aws:iam::123456789012:role/resize",
	"deadLetterConfig": map[string]any{"targetArn": "arn:aws:sqs:us-east-1:123456789012:failed"},
}, "deadLetterConfig", rule.Missing))
