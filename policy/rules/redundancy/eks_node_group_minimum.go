package redundancy

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "eks-node-group-minimum",
	Title:       "Node groups run two nodes or more.",
	Severity:    rule.Medium,
	Description: "With one node, every pod goes with it, and no update is without an outage.",
	Remedy:      "set scalingConfig.minSize to 2 or more",
	Check:       rule.That("scalingConfig.minSize", rule.IsAtLeast(2)),
}.On("aws:eks/nodeGroup:NodeGroup", rule.Properties{
	"clusterName":   "web",
	"nodeRoleArn":   "arn:aws:iam::123456789012:role/node",
	"subnetIds":     []any{"subnet-1", "subnet-2"},
	"scalingConfig": map[string]any{"minSize": 2.0, "desiredSize": 2.0, "maxSize": 6.0},
}, "scalingConfig.minSize", 0.0))
