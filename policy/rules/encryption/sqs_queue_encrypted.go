package encryption

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "sqs-queue-encrypted",
	Title:       "SQS queues do not turn off encryption.",
	Severity:    rule.Medium,
	Description: "SQS encrypts every new queue by itself. A queue on which it was turned off keeps messages in the clear.",
	Remedy:      "leave sqsManagedSseEnabled out, or set kmsMasterKeyId to a key of your own instead",
	Check:       rule.That("sqsManagedSseEnabled", rule.IsNotFalse),
	Fix:         []rule.Fix{{Property: "sqsManagedSseEnabled", Value: true}},
}.
	On("aws:sqs/queue:Queue", rule.Properties{"name": "orders", "sqsManagedSseEnabled": true}, "sqsManagedSseEnabled", false).
	Accepts(rule.Properties{"kmsMasterKeyId": "alias/orders"}))
