package compute

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "ec2-instance-has-profile",
	Title:       "EC2 instances have an instance profile.",
	Severity:    rule.Low,
	Description: "Without a role, credentials for AWS are put on the disk.",
	Remedy:      "set iamInstanceProfile",
	Check:       rule.That("iamInstanceProfile", rule.IsSet),
}.On("aws:ec2/instance:Instance", rule.Properties{"instanceType": "t4g.small", "iamInstanceProfile": "web"}, "iamInstanceProfile", rule.Missing))
