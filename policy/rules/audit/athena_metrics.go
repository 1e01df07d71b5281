package audit

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "athena-metrics",
	Title:       "Athena workgroups publish metrics.",
	Severity:    rule.Low,
	Description: "Without metrics nobody sees how much is scanned, which is what is paid for.",
	Remedy:      "leave configuration.publishCloudwatchMetricsEnabled out",
	Check:       rule.That("configuration.publishCloudwatchMetricsEnabled", rule.IsNotFalse),
	Fix:         []rule.Fix{{Property: "configuration.publishCloudwatchMetricsEnabled", Value: true}},
}.On("aws:athena/workgroup:Workgroup", rule.Properties{
	"name":          "reports",
	"configuration": map[string]any{"publishCloudwatchMetricsEnabled": true},
}, "configuration.publishCloudwatchMetricsEnabled", false))
