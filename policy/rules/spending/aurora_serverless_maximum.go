package spending

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "aurora-serverless-maximum",
	Title:       "Aurora Serverless clusters have an allowed maximum.",
	Severity:    rule.Low,
	Description: "A query that goes wrong scales the cluster to its maximum, which is paid for by the second.",
	Remedy:      "set serverlessv2ScalingConfiguration.maxCapacity to less, or allow it by configuration",
	Settings: []rule.Setting{{
		Name:        "mostUnits",
		Description: "The largest maximum, in Aurora capacity units.",
		Schema:      map[string]any{"type": "number", "minimum": 1.0},
		Default:     64.0,
	}},
	Check: func(r rule.Resource) []rule.Finding {
		return r.At("serverlessv2ScalingConfiguration", "maxCapacity").Must("", func(v rule.Value) bool {
			return v.Missing() || rule.IsAtMost(r.Settings.Number("mostUnits"))(v)
		})
	},
}.On("aws:rds/cluster:Cluster", rule.Properties{
	"engine":                           "aurora-postgresql",
	"serverlessv2ScalingConfiguration": map[string]any{"minCapacity": 0.5, "maxCapacity": 16.0},
}, "serverlessv2ScalingConfiguration.maxCapacity", 256.0))
