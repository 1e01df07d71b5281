package health

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "eks-node-group-repair",
	Title:       "Node groups mend broken nodes by themselves.",
	Severity:    rule.Low,
	Description: "A node whose kubelet or network is broken keeps its pods until somebody looks.",
	Remedy:      "set nodeRepairConfig.enabled to true",
	Check:       rule.That("nodeRepairConfig.enabled", rule.IsTrue),
	Fix:         []rule.Fix{{Property: "nodeRepairConfig.enabled", Value: true}},
}.On("aws:eks/nodeGroup:NodeGroup", rule.Properties{
	"clusterName":      "web",
	"nodeRoleArn":      "arn:aws:iam::123456789012:role/node",
	"subnetIds":        []any{"subnet-1", "subnet-2"},
	"nodeRepairConfig": map[string]any{"enabled": true},
}, "nodeRepairConfig.enabled", false, rule.Missing))
