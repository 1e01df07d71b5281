package encryption

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:       "launch-template-volumes-encrypted",
	Title:    "Every volume that a launch template defines is encrypted.",
	Severity: rule.High,
	Description: "Instances write credentials, logs and spilled memory to their volumes. Unless the template says so, " +
		"whether they are encrypted depends on a setting of the account and the region.",
	Remedy: "set encrypted to true in the mapping's ebs block",
	Types:  []string{"aws:ec2/launchTemplate:LaunchTemplate"},
	// Instance stores and suppressed devices have no volume.
	Check: rule.That("blockDeviceMappings.*.ebs?.encrypted", rule.IsTrue),
	Good: []rule.Example{
		templateWith(map[string]any{"deviceName": "/dev/xvda", "ebs": map[string]any{"volumeSize": 50.0, "encrypted": "true"}}),
		templateWith(map[string]any{"deviceName": "/dev/sdb", "virtualName": "ephemeral0"}),
	},
	Bad: []rule.Example{
		templateWith(map[string]any{"deviceName": "/dev/xvda", "ebs": map[string]any{"volumeSize": 50.0, "encrypted": "false"}}),
		templateWith(map[string]any{"deviceName": "/dev/xvda", "ebs": map[string]any{"volumeSize": 50.0}}),
	},
})

func templateWith(mapping map[string]any) rule.Example {
	return rule.Example{{
		Type: "aws:ec2/launchTemplate:LaunchTemplate", Name: "nodes",
		Properties: map[string]any{"blockDeviceMappings": []any{mapping}},
	}}
}
