package spending

import (
	"github.com/tandem-platform/tandem/policy/rule"
	"github.com/tandem-platform/tandem/policy/rules/internal/sizes"
)

var _ = rules.Add(rule.Rule{
	ID:       "eks-node-group-size",
	Title:    "Nodes of node groups are of an allowed size.",
	Severity: rule.Low,
	Description: "A size that was chosen by mistake is paid for by the hour. Each environment has sizes of its own by " +
		"configuration.",
	Remedy: "choose an allowed size, or allow this one by configuration",
	Settings: []rule.Setting{{
		Name:        "allowed",
		Description: "The patterns of the allowed sizes. A star stands for any text.",
		Schema:      map[string]any{"type": "array", "minItems": 1.0, "items": map[string]any{"type": "string"}},
		Default:     []any{"t4g.*", "t3.*", "*.medium", "*.large", "*.xlarge", "*.2xlarge", "*.4xlarge"},
	}},
	Check: sizes.Allowed("instanceTypes.*"),
}.On("aws:eks/nodeGroup:NodeGroup", rule.Properties{
	"clusterName":   "web",
	"nodeRoleArn":   "arn:aws:iam::123456789012:role/node",
	"subnetIds":     []any{"subnet-1", "subnet-2"},
	"instanceTypes": []any{"m7g.large"},
}, "instanceTypes", []any{"m7g.large", "m7g.16xlarge"}))
