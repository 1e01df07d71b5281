package redundancy

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "autoscaling-group-minimum",
	Title:       "Auto Scaling groups run two instances or more.",
	Severity:    rule.Low,
	Description: "One instance alone is down whenever it is replaced.",
	Remedy:      "set minSize to 2 or more",
	Check:       rule.That("minSize", rule.IsAtLeast(2)),
}.On("aws:autoscaling/group:Group", rule.Properties{"minSize": 2.0, "maxSize": 4.0}, "minSize", 1.0))
