package protection

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:       "ec2-instance-termination-protected",
	Title:    "EC2 instances are protected from termination.",
	Severity: rule.Low,
	Description: "A deletion that is a mistake, of a person or a program, is refused. Whoever means it turns this off " +
		"first.",
	Remedy: "set disableApiTermination to true",
	Check:  rule.That("disableApiTermination", rule.IsTrue),
	Fix:    []rule.Fix{{Property: "disableApiTermination", Value: true}},
}.On("aws:ec2/instance:Instance", rule.Properties{"instanceType": "t4g.small", "disableApiTermination": true}, "disableApiTermination", false, rule.Missing))
