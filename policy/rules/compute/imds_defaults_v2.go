package compute

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "imds-defaults-v2",
	Title:       "New instances of the region take metadata requests of version 2 alone.",
	Severity:    rule.Medium,
	Description: "The default of the region holds for what is started by hand as well.",
	Remedy:      "set httpTokens to required",
	Check:       rule.That("httpTokens", rule.IsOneOf("required")),
	Fix:         []rule.Fix{{Property: "httpTokens", Value: "required"}},
}.On("aws:ec2/instanceMetadataDefaults:InstanceMetadataDefaults", rule.Properties{"httpTokens": "required"}, "httpTokens", "optional", "no-preference", rule.Missing))
