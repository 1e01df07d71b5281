package redundancy

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "eks-node-group-zones",
	Title:       "Node groups are in two zones or more.",
	Severity:    rule.Medium,
	Description: "Nodes of one zone are down with the zone. Node groups of one zone each, for volumes, need an exception.",
	Remedy:      "set subnetIds of two zones or more",
	Check:       rule.That("subnetIds", rule.HasAtLeast(2)),
}.On("aws:eks/nodeGroup:NodeGroup", rule.Properties{
	"clusterName": "web",
	"nodeRoleArn": "arn:aws:iam::123456789012:role/node",
	"subnetIds":   []any{"subnet-1", "subnet-2"},
}, "subnetIds", []any{"subnet-1"}))
