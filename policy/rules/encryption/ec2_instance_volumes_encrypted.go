package encryption

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:       "ec2-instance-volumes-encrypted",
	Title:    "Further volumes of EC2 instances are encrypted.",
	Severity: rule.High,
	Description: "A volume that is attached as the instance starts is encrypted only if its mapping says so or the region " +
		"does by default.",
	Remedy: "set encrypted to true for the device",
	Check:  rule.That("ebsBlockDevices.*.encrypted", rule.IsTrue),
}.On("aws:ec2/instance:Instance", rule.Properties{
	"instanceType":    "t4g.small",
	"ebsBlockDevices": []any{map[string]any{"deviceName": "/dev/sdb", "encrypted": true}},
}, "ebsBlockDevices.0.encrypted", false, rule.Missing))
