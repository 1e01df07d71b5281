package audit

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "lambda-tracing",
	Title:       "Lambda functions are traced.",
	Severity:    rule.Low,
	Description: "A trace shows where the time of a call goes, and which one failed.",
	Remedy:      "set tracingConfig.mode to Active",
	Check:       rule.That("tracingConfig.mode", rule.IsOneOf("Active")),
	Fix:         []rule.Fix{{Property: "tracingConfig.mode", Value: "Active"}},
}.On("aws:lambda/function:Function", rule.Properties{
	"role":          "arn:aws:iam::123456789012:role/resize",
	"tracingConfig": map[string]any{"mode": "Active"},
}, "tracingConfig.mode", "PassThrough"))
