package identity

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "eks-access-scoped",
	Title:       "Administrators of a whole EKS cluster are few.",
	Severity:    rule.Low,
	Description: "Cluster administrators may change every namespace and give every right.",
	Remedy:      "use AmazonEKSAdminPolicy or AmazonEKSEditPolicy, or limit the scope to namespaces",
	Check:       rule.When("accessScope.type", rule.IsOneOf("cluster"), rule.That("policyArn", rule.IsNoneOf("arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"))),
}.On("aws:eks/accessPolicyAssociation:AccessPolicyAssociation", rule.Properties{
	"clusterName":  "web",
	"principalArn": "arn:aws:iam::123456789012:role/developer",
	"accessScope":  map[string]any{"type": "cluster"},
	"policyArn":    "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy",
}, "policyArn", "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"))
