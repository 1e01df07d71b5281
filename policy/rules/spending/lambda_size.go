package spending

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "lambda-size",
	Title:       "Lambda functions have an allowed amount of memory.",
	Severity:    rule.Low,
	Description: "Memory is paid for by the millisecond, whether it is used or not.",
	Remedy:      "set memorySize to less, or allow it by configuration",
	Settings: []rule.Setting{{
		Name:        "mostMegabytes",
		Description: "The largest amount of memory, in MB.",
		Schema:      map[string]any{"type": "number", "minimum": 128.0},
		Default:     3008.0,
	}},
	Check: func(r rule.Resource) []rule.Finding {
		return r.At("memorySize").Must("", func(v rule.Value) bool { return v.Missing() || rule.IsAtMost(r.Settings.Number("mostMegabytes"))(v) })
	},
}.On("aws:lambda/function:Function", rule.Properties{"role": "arn:aws:iam::123456789012:role/resize", "memorySize": 512.0}, "memorySize", 10240.0))
