package encryption

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "sns-topic-encrypted",
	Title:       "SNS topics are encrypted with a KMS key.",
	Severity:    rule.Medium,
	Description: "SNS keeps messages until they are delivered, and by default not encrypted with any key.",
	Remedy:      "set kmsMasterKeyId to a key of your own whose policy admits the publishing services",
	Types:       []string{"aws:sns/topic:Topic"},
	Check:       rule.That("kmsMasterKeyId", rule.IsSet),
	Good: []rule.Example{{
		{Type: "aws:kms/key:Key", Name: "key"},
		{Type: "aws:sns/topic:Topic", Name: "alarms", Properties: map[string]any{"kmsMasterKeyId": rule.Ref{Resource: "key", Property: "id"}}},
	}},
	Bad: []rule.Example{{
		{Type: "aws:kms/key:Key", Name: "key"},
		{Type: "aws:sns/topic:Topic", Name: "alarms"},
	}},
})
