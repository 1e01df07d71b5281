package kubernetes

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "eks-endpoint-private",
	Title:       "EKS clusters have a private endpoint.",
	Severity:    rule.Medium,
	Description: "Without one, nodes talk to the control plane over the internet.",
	Remedy:      "set vpcConfig.endpointPrivateAccess to true",
	Check:       rule.That("vpcConfig.endpointPrivateAccess", rule.IsTrue),
	Fix:         []rule.Fix{{Property: "vpcConfig.endpointPrivateAccess", Value: true}},
}.On("aws:eks/cluster:Cluster", rule.Properties{
	"roleArn":   "arn:aws:iam::123456789012:role/cluster",
	"vpcConfig": map[string]any{"subnetIds": []any{"subnet-1"}, "endpointPrivateAccess": true},
}, "vpcConfig.endpointPrivateAccess", false, rule.Missing))
