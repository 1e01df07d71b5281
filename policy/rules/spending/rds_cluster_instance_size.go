package spending

import (
	"github.com/tandem-platform/tandem/policy/rule"
	"github.com/tandem-platform/tandem/policy/rules/internal/sizes"
)

var _ = rules.Add(rule.Rule{
	ID:       "rds-cluster-instance-size",
	Title:    "Aurora instances are of an allowed size.",
	Severity: rule.Low,
	Description: "A size that was chosen by mistake is paid for by the hour. Each environment has sizes of its own by " +
		"configuration.",
	Remedy: "choose an allowed size, or allow this one by configuration",
	Settings: []rule.Setting{{
		Name:        "allowed",
		Description: "The patterns of the allowed sizes. A star stands for any text.",
		Schema:      map[string]any{"type": "array", "minItems": 1.0, "items": map[string]any{"type": "string"}},
		Default:     []any{"db.serverless", "db.t4g.*", "*.medium", "*.large", "*.xlarge", "*.2xlarge"},
	}},
	Check: sizes.Allowed("instanceClass"),
}.On("aws:rds/clusterInstance:ClusterInstance", rule.Properties{
	"clusterIdentifier": "orders",
	"engine":            "aurora-postgresql",
	"instanceClass":     "db.serverless",
}, "instanceClass", "db.r7g.16xlarge"))
