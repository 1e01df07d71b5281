package encryption

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:       "ec2-instance-root-volume-encrypted",
	Title:    "Root volumes of EC2 instances are encrypted.",
	Severity: rule.High,
	Description: "The root volume has the keys, logs and swapped memory of the machine, and a snapshot of it is as open " +
		"as it is.",
	Remedy: "set rootBlockDevice.encrypted to true",
	Check:  rule.That("rootBlockDevice.encrypted", rule.IsTrue),
	Fix:    []rule.Fix{{Property: "rootBlockDevice.encrypted", Value: true}},
}.On("aws:ec2/instance:Instance", rule.Properties{"instanceType": "t4g.small", "rootBlockDevice": map[string]any{"encrypted": true}}, "rootBlockDevice.encrypted", false, rule.Missing))
