package backup

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:       "sqs-dead-letter-queue",
	Title:    "SQS queues put aside what cannot be worked on.",
	Severity: rule.Low,
	Description: "Without a dead-letter queue one bad message is taken again and again until it is too old, and then is " +
		"lost. A queue that is one says so in redriveAllowPolicy.",
	Remedy: "set redrivePolicy",
	Check:  rule.When("redriveAllowPolicy", rule.IsNotSet, rule.That("redrivePolicy", rule.IsSet)),
}.
	On("aws:sqs/queue:Queue", rule.Properties{
		"name":          "orders",
		"redrivePolicy": `{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:123456789012:orders-dead","maxReceiveCount":5}`,
	}, "redrivePolicy", rule.Missing).
	Accepts(rule.Properties{"name": "orders-dead", "redriveAllowPolicy": `{"redrivePermission":"allowAll"}`}))
