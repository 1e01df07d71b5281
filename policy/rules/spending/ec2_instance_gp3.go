package spending

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "ec2-instance-gp3",
	Title:       "Root volumes of EC2 instances are of type gp3.",
	Severity:    rule.Low,
	Description: "gp3 costs a fifth less than gp2 and is faster from the start.",
	Remedy:      "set rootBlockDevice.volumeType to gp3",
	Check:       rule.That("rootBlockDevice.volumeType", rule.IsNoneOf("gp2", "io1", "standard")),
	Fix:         []rule.Fix{{Property: "rootBlockDevice.volumeType", Value: "gp3"}},
}.On("aws:ec2/instance:Instance", rule.Properties{
	"instanceType":    "t4g.small",
	"rootBlockDevice": map[string]any{"volumeType": "gp3"},
}, "rootBlockDevice.volumeType", "gp2"))
