package spending

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "athena-scan-limit",
	Title:       "Athena workgroups limit what a query scans.",
	Severity:    rule.Low,
	Description: "A query without a partition scans everything, at five dollars for each terabyte.",
	Remedy:      "set configuration.bytesScannedCutoffPerQuery",
	Check:       rule.That("configuration.bytesScannedCutoffPerQuery", rule.IsAtLeast(10485760)),
}.On("aws:athena/workgroup:Workgroup", rule.Properties{
	"name":          "reports",
	"configuration": map[string]any{"bytesScannedCutoffPerQuery": 1099511627776.0},
}, "configuration.bytesScannedCutoffPerQuery", rule.Missing))
