package disruption

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "eks-node-group-update",
	Title:       "Updates of node groups take few nodes at a time.",
	Severity:    rule.Low,
	Description: "A third of the nodes is what the others can carry.",
	Remedy:      "set updateConfig.maxUnavailablePercentage to 33 or less",
	Check:       rule.That("updateConfig?.maxUnavailablePercentage?", rule.IsAtMost(33)),
}.On("aws:eks/nodeGroup:NodeGroup", rule.Properties{
	"clusterName":  "web",
	"nodeRoleArn":  "arn:aws:iam::123456789012:role/node",
	"subnetIds":    []any{"subnet-1", "subnet-2"},
	"updateConfig": map[string]any{"maxUnavailablePercentage": 25.0},
}, "updateConfig.maxUnavailablePercentage", 100.0))
