package spending

import (
	"github.com/tandem-platform/tandem/policy/rule"
	"github.com/tandem-platform/tandem/policy/rules/internal/sizes"
)

var _ = rules.Add(rule.Rule{
	ID:       "elasticache-size",
	Title:    "ElastiCache nodes are of an allowed size.",
	Severity: rule.Low,
	Description: "A size that was chosen by mistake is paid for by the hour. Each environment has sizes of its own by " +
		"configuration.",
	Remedy: "choose an allowed size, or allow this one by configuration",
	Settings: []rule.Setting{{
		Name:        "allowed",
		Description: "The patterns of the allowed sizes. A star stands for any text.",
		Schema:      map[string]any{"type": "array", "minItems": 1.0, "items": map[string]any{"type": "string"}},
		Default:     []any{"cache.t4g.*", "*.large", "*.xlarge", "*.2xlarge"},
	}},
	Check: sizes.Allowed("nodeType"),
}.On("aws:elasticache/replicationGroup:ReplicationGroup", rule.Properties{"description": "sessions", "nodeType": "cache.t4g.small"}, "nodeType", "cache.r7g.16xlarge"))
