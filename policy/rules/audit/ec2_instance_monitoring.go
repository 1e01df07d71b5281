package audit

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "ec2-instance-monitoring",
	Title:       "EC2 instances are monitored in detail.",
	Severity:    rule.Low,
	Description: "The default is a figure every five minutes, which is too late to scale or to alarm by.",
	Remedy:      "set monitoring to true",
	Check:       rule.That("monitoring", rule.IsTrue),
	Fix:         []rule.Fix{{Property: "monitoring", Value: true}},
}.On("aws:ec2/instance:Instance", rule.Properties{"instanceType": "t4g.small", "monitoring": true}, "monitoring", false, rule.Missing))
