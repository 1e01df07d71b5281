package audit

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "config-records-everything",
	Title:       "AWS Config records every supported type.",
	Severity:    rule.Medium,
	Description: "What is not recorded has no history when it matters.",
	Remedy:      "leave recordingGroup.allSupported out",
	Check:       rule.When("recordingGroup.recordingStrategies", rule.IsNotSet, rule.That("recordingGroup.allSupported", rule.IsNotFalse)),
	Fix:         []rule.Fix{{Property: "recordingGroup.allSupported", Value: true}},
}.On("aws:cfg/recorder:Recorder", rule.Properties{
	"roleArn":        "arn:aws:iam::123456789012:role/config",
	"recordingGroup": map[string]any{"allSupported": true},
}, "recordingGroup.allSupported", false))
