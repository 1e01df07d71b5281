package compute

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:       "launch-template-metadata-hops",
	Title:    "Metadata of launch templates does not reach into containers.",
	Severity: rule.Medium,
	Description: "With two hops a container on the machine gets the machine's role. Pods have Pod Identity for a role of " +
		"their own.",
	Remedy: "set metadataOptions.httpPutResponseHopLimit to 1",
	Check:  rule.That("metadataOptions.httpPutResponseHopLimit", rule.IsOneOf("", "1")),
	Fix:    []rule.Fix{{Property: "metadataOptions.httpPutResponseHopLimit", Value: 1.0}},
}.On("aws:ec2/launchTemplate:LaunchTemplate", rule.Properties{
	"metadataOptions": map[string]any{"httpTokens": "required", "httpPutResponseHopLimit": 1.0},
}, "metadataOptions.httpPutResponseHopLimit", 2.0))
