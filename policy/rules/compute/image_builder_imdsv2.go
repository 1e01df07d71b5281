package compute

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:       "image-builder-imdsv2",
	Title:    "Build machines of Image Builder take metadata requests of version 2 alone.",
	Severity: rule.Medium,
	Description: "With version 1, whoever makes a program on the machine fetch an address has its credentials. Version 2 " +
		"asks for a token first.",
	Remedy: "set instanceMetadataOptions.httpTokens to required",
	Check:  rule.That("instanceMetadataOptions.httpTokens", rule.IsOneOf("required")),
	Fix:    []rule.Fix{{Property: "instanceMetadataOptions.httpTokens", Value: "required"}},
}.On("aws:imagebuilder/infrastructureConfiguration:InfrastructureConfiguration", rule.Properties{
	"instanceProfileName":     "builder",
	"instanceMetadataOptions": map[string]any{"httpTokens": "required"},
}, "instanceMetadataOptions.httpTokens", "optional", rule.Missing))
