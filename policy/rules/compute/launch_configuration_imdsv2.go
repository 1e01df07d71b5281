package compute

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:       "launch-configuration-imdsv2",
	Title:    "Instances of launch configurations take metadata requests of version 2 alone.",
	Severity: rule.High,
	Description: "With version 1, whoever makes a program on the machine fetch an address has its credentials. Version 2 " +
		"asks for a token first.",
	Remedy: "set metadataOptions.httpTokens to required; better, use a launch template",
	Check:  rule.That("metadataOptions.httpTokens", rule.IsOneOf("required")),
	Fix:    []rule.Fix{{Property: "metadataOptions.httpTokens", Value: "required"}},
}.On("aws:ec2/launchConfiguration:LaunchConfiguration", rule.Properties{
	"imageId":         "ami-11111111",
	"instanceType":    "m7g.large",
	"metadataOptions": map[string]any{"httpTokens": "required"},
}, "metadataOptions.httpTokens", "optional", rule.Missing))
