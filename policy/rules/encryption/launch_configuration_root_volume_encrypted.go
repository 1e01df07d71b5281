package encryption

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "launch-configuration-root-volume-encrypted",
	Title:       "Root volumes of launch configurations are encrypted.",
	Severity:    rule.High,
	Description: "Every instance of the group has a root volume like it, with keys, logs and swapped memory.",
	Remedy:      "set rootBlockDevice.encrypted to true; better, use a launch template",
	Check:       rule.That("rootBlockDevice.encrypted", rule.IsTrue),
	Fix:         []rule.Fix{{Property: "rootBlockDevice.encrypted", Value: true}},
}.On("aws:ec2/launchConfiguration:LaunchConfiguration", rule.Properties{
	"imageId":         "ami-11111111",
	"instanceType":    "m7g.large",
	"rootBlockDevice": map[string]any{"encrypted": true},
}, "rootBlockDevice.encrypted", false, rule.Missing))
