package audit

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "global-accelerator-flow-logs",
	Title:       "Global accelerators log flows.",
	Severity:    rule.Low,
	Description: "Without flow logs nobody can say where clients came from, or where they went.",
	Remedy:      "set attributes.flowLogsEnabled, flowLogsS3Bucket and flowLogsS3Prefix",
	Check:       rule.That("attributes.flowLogsEnabled", rule.IsTrue),
}.On("aws:globalaccelerator/accelerator:Accelerator", rule.Properties{
	"name":       "web",
	"attributes": map[string]any{"flowLogsEnabled": true, "flowLogsS3Bucket": "flows", "flowLogsS3Prefix": "web/"},
}, "attributes.flowLogsEnabled", false, rule.Missing))
