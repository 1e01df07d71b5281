package kubernetes

import "github.com/tandem-platform/tandem/policy/rule"

func knownAddresses(cidrs rule.Value) bool {
	return rule.IsSet(cidrs) && rule.HasNone("0.0.0.0/0", "::/0")(cidrs)
}

var _ = rules.Add(rule.Rule{
	ID:          "eks-endpoint-limited",
	Title:       "Public endpoints of EKS clusters are for known addresses.",
	Severity:    rule.High,
	Description: "The default is a public endpoint for the whole internet, with a token as the one thing in the way.",
	Remedy:      "set vpcConfig.endpointPublicAccess to false, or list addresses in vpcConfig.publicAccessCidrs",
	Check:       rule.When("vpcConfig.endpointPublicAccess", rule.IsNotFalse, rule.That("vpcConfig.publicAccessCidrs", knownAddresses)),
}.
	On("aws:eks/cluster:Cluster", rule.Properties{
		"roleArn":   "arn:aws:iam::123456789012:role/cluster",
		"vpcConfig": map[string]any{"subnetIds": []any{"subnet-1"}, "endpointPublicAccess": true, "publicAccessCidrs": []any{"203.0.113.0/24"}},
	}, "vpcConfig.publicAccessCidrs", []any{"0.0.0.0/0"}, rule.Missing).
	Accepts(rule.Properties{
		"roleArn":   "arn:aws:iam::123456789012:role/cluster",
		"vpcConfig": map[string]any{"subnetIds": []any{"subnet-1"}, "endpointPublicAccess": false},
	}))
