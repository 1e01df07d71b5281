package encryption

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "ami-volumes-encrypted",
	Title:       "The volumes of machine images are encrypted.",
	Severity:    rule.Medium,
	Description: "Every instance of the image starts from a copy of its volumes.",
	Remedy:      "set encrypted to true for the device",
	Check:       rule.That("ebsBlockDevices.*.encrypted", rule.IsTrue),
}.On("aws:ec2/ami:Ami", rule.Properties{
	"name":            "base",
	"ebsBlockDevices": []any{map[string]any{"deviceName": "/dev/xvda", "volumeSize": 20.0, "encrypted": true}},
}, "ebsBlockDevices.0.encrypted", false, rule.Missing))
