package redundancy

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "autoscaling-group-zones",
	Title:       "Auto Scaling groups are in two zones or more.",
	Severity:    rule.Medium,
	Description: "A group of one zone is down with the zone.",
	Remedy:      "set vpcZoneIdentifiers to subnets of two zones or more",
	Check:       rule.When("availabilityZones", rule.IsNotSet, rule.That("vpcZoneIdentifiers", rule.HasAtLeast(2))),
}.
	On("aws:autoscaling/group:Group", rule.Properties{
		"minSize":            2.0,
		"maxSize":            4.0,
		"vpcZoneIdentifiers": []any{"subnet-1", "subnet-2"},
	}, "vpcZoneIdentifiers", []any{"subnet-1"}).
	Accepts(rule.Properties{
		"minSize":           2.0,
		"maxSize":           4.0,
		"availabilityZones": []any{"us-east-1a", "us-east-1b"},
	}))
