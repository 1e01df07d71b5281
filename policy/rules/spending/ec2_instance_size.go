package spending

import (
	"github.com/tandem-platform/tandem/policy/rule"
	"github.com/tandem-platform/tandem/policy/rules/internal/sizes"
)

var _ = rules.Add(rule.Rule{
	ID:       "ec2-instance-size",
	Title:    "EC2 instances are of an allowed size.",
	Severity: rule.Low,
	Description: "A size that was chosen by mistake is paid for by the hour. Each environment has sizes of its own by " +
		"configuration.",
	Remedy: "choose an allowed size, or allow this one by configuration",
	Settings: []rule.Setting{{
		Name:        "allowed",
		Description: "The patterns of the allowed sizes. A star stands for any text.",
		Schema:      map[string]any{"type": "array", "minItems": 1.0, "items": map[string]any{"type": "string"}},
		Default:     []any{"t4g.*", "t3.*", "*.medium", "*.large", "*.xlarge", "*.2xlarge"},
	}},
	Check: sizes.Allowed("instanceType"),
}.On("aws:ec2/instance:Instance", rule.Properties{"instanceType": "t4g.small"}, "instanceType", "m7g.16xlarge", "p5.48xlarge"))
