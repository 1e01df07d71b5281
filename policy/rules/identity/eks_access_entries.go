package identity

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:       "eks-access-entries",
	Title:    "EKS clusters know their users by access entries.",
	Severity: rule.Medium,
	Description: "The config map aws-auth is a text in the cluster: one wrong space locks everyone out, and no trail says " +
		"who changed it.",
	Remedy: "set accessConfig.authenticationMode to API",
	Check:  rule.That("accessConfig.authenticationMode", rule.IsOneOf("API")),
}.On("aws:eks/cluster:Cluster", rule.Properties{
	"roleArn":      "arn:aws:iam::123456789012:role/cluster",
	"accessConfig": map[string]any{"authenticationMode": "API"},
}, "accessConfig.authenticationMode", "CONFIG_MAP", "API_AND_CONFIG_MAP", rule.Missing))
