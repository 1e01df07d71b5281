package protection

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "cloudtrail-store-protected",
	Title:       "CloudTrail event data stores are protected from deletion.",
	Severity:    rule.Medium,
	Description: "With the store the record of what happened is gone.",
	Remedy:      "leave terminationProtectionEnabled out",
	Check:       rule.That("terminationProtectionEnabled", rule.IsNotFalse),
	Fix:         []rule.Fix{{Property: "terminationProtectionEnabled", Value: true}},
}.On("aws:cloudtrail/eventDataStore:EventDataStore", rule.Properties{"name": "events", "terminationProtectionEnabled": true}, "terminationProtectionEnabled", false))
