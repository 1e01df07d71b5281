package encryption

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:       "ebs-encryption-by-default",
	Title:    "EBS encryption by default is on in the region.",
	Severity: rule.Medium,
	Description: "It encrypts every new volume and snapshot copy in the region, those that no program of yours makes " +
		"included.",
	Remedy: "set enabled to true",
	Check:  rule.That("enabled", rule.IsNotFalse),
	Fix:    []rule.Fix{{Property: "enabled", Value: true}},
}.On("aws:ebs/encryptionByDefault:EncryptionByDefault", rule.Properties{"enabled": true}, "enabled", false))
