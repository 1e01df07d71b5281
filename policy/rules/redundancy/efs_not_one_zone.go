package redundancy

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "efs-not-one-zone",
	Title:       "EFS file systems are in every zone of the region.",
	Severity:    rule.Medium,
	Description: "A file system of one zone is lost with the zone.",
	Remedy:      "leave availabilityZoneName out",
	Check:       rule.That("availabilityZoneName", rule.IsNotSet),
}.On("aws:efs/fileSystem:FileSystem", rule.Properties{"encrypted": true}, "availabilityZoneName", "us-east-1a"))
