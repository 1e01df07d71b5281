package spending

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "autoscaling-group-maximum",
	Title:       "Auto Scaling groups have an allowed maximum.",
	Severity:    rule.Low,
	Description: "A metric that goes wrong scales the group to its maximum.",
	Remedy:      "set maxSize to less, or allow it by configuration",
	Settings: []rule.Setting{{
		Name:        "mostInstances",
		Description: "The largest maximum of a group.",
		Schema:      map[string]any{"type": "number", "minimum": 1.0},
		Default:     100.0,
	}},
	Check: func(r rule.Resource) []rule.Finding {
		return rule.That("maxSize", rule.IsAtMost(r.Settings.Number("mostInstances")))(r)
	},
}.On("aws:autoscaling/group:Group", rule.Properties{"minSize": 2.0, "maxSize": 10.0}, "maxSize", 1000.0))
