package parity

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "replica-key-enabled",
	Title:       "Replicas of KMS keys are enabled.",
	Severity:    rule.High,
	Description: "What a disabled replica encrypts cannot be read in its region, and nothing shows that until the region takes over.",
	Remedy:      "leave enabled out, which is true",
	Check:       rule.That("enabled", rule.IsNotFalse),
	Fix:         []rule.Fix{{Property: "enabled", Value: true}},
}.Shown(replicaKey, rule.Example{multiRegionKey, replicaOfKey}, "enabled", false))
