package audit

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "config-records-global",
	Title:       "AWS Config records global types.",
	Severity:    rule.Medium,
	Description: "IAM's users, roles and policies are global types. One region is enough: give the others an exception.",
	Remedy:      "set recordingGroup.includeGlobalResourceTypes to true",
	Check:       rule.That("recordingGroup.includeGlobalResourceTypes", rule.IsTrue),
	Fix:         []rule.Fix{{Property: "recordingGroup.includeGlobalResourceTypes", Value: true}},
}.On("aws:cfg/recorder:Recorder", rule.Properties{
	"roleArn":        "arn:aws:iam::123456789012:role/config",
	"recordingGroup": map[string]any{"allSupported": true, "includeGlobalResourceTypes": true},
}, "recordingGroup.includeGlobalResourceTypes", false, rule.Missing))
