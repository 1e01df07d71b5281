package identity

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:       "eks-no-creator-admin",
	Title:    "The maker of an EKS cluster is not its administrator for ever.",
	Severity: rule.Medium,
	Description: "Otherwise the role of the pipeline has a right that no entry shows. It is settled when the cluster is " +
		"made.",
	Remedy: "set accessConfig.bootstrapClusterCreatorAdminPermissions to false, and add access entries",
	Check:  rule.That("accessConfig.bootstrapClusterCreatorAdminPermissions", rule.IsOneOf("false")),
}.On("aws:eks/cluster:Cluster", rule.Properties{
	"roleArn":      "arn:aws:iam::123456789012:role/cluster",
	"accessConfig": map[string]any{"authenticationMode": "API", "bootstrapClusterCreatorAdminPermissions": false},
}, "accessConfig.bootstrapClusterCreatorAdminPermissions", true, rule.Missing))
