package encryption

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:       "ebs-volume-encrypted",
	Title:    "EBS volumes are encrypted.",
	Severity: rule.High,
	Description: "A volume that is not encrypted gives its data to whoever gets hold of a snapshot of it. " +
		"It cannot be encrypted later, only copied.",
	Remedy: "set encrypted to true, and kmsKeyId to a key of your own",
	Types:  []string{"aws:ebs/volume:Volume"},
	Check:  rule.That("encrypted", rule.IsTrue),
	Good: []rule.Example{{
		{Type: "aws:ebs/volume:Volume", Name: "scratch", Properties: map[string]any{"availabilityZone": "us-east-1a", "size": 20.0, "encrypted": true}},
	}},
	Bad: []rule.Example{
		{{Type: "aws:ebs/volume:Volume", Name: "scratch", Properties: map[string]any{"availabilityZone": "us-east-1a", "size": 20.0}}},
		{{Type: "aws:ebs/volume:Volume", Name: "scratch", Properties: map[string]any{"availabilityZone": "us-east-1a", "size": 20.0, "encrypted": false}}},
	},
})
