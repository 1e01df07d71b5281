package health

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "eks-zonal-shift",
	Title:       "EKS clusters can be shifted away from a zone.",
	Severity:    rule.Low,
	Description: "With zonal shift, traffic leaves a zone that is ill in a minute, by one call.",
	Remedy:      "set zonalShiftConfig.enabled to true",
	Check:       rule.That("zonalShiftConfig.enabled", rule.IsTrue),
	Fix:         []rule.Fix{{Property: "zonalShiftConfig.enabled", Value: true}},
}.On("aws:eks/cluster:Cluster", rule.Properties{
	"roleArn":          "arn:aws:iam::123456789012:role/cluster",
	"zonalShiftConfig": map[string]any{"enabled": true},
}, "zonalShiftConfig.enabled", false, rule.Missing))
