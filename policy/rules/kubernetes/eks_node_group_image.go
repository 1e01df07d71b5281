package kubernetes

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "eks-node-group-image",
	Title:       "Node groups use an image that gets updates.",
	Severity:    rule.Medium,
	Description: "Amazon Linux 2 images of EKS ended in November 2025.",
	Remedy:      "set amiType to AL2023_ARM_64_STANDARD, AL2023_x86_64_STANDARD or a BOTTLEROCKET one",
	Check:       rule.That("amiType", rule.IsNoneOf("AL2_x86_64", "AL2_x86_64_GPU", "AL2_ARM_64")),
}.On("aws:eks/nodeGroup:NodeGroup", rule.Properties{
	"clusterName": "web",
	"nodeRoleArn": "arn:aws:iam::123456789012:role/node",
	"subnetIds":   []any{"subnet-1"},
	"amiType":     "BOTTLEROCKET_ARM_64",
}, "amiType", "AL2_x86_64", "AL2_ARM_64"))
