package compute

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:       "ec2-instance-no-key-pair",
	Title:    "EC2 instances have no SSH key.",
	Severity: rule.Low,
	Description: "A key pair is a shared password that never expires. Session Manager knows who connected and what they " +
		"did.",
	Remedy: "leave keyName out and use Session Manager",
	Check:  rule.That("keyName", rule.IsNotSet),
}.On("aws:ec2/instance:Instance", rule.Properties{"instanceType": "t4g.small", "iamInstanceProfile": "managed"}, "keyName", "admin"))
