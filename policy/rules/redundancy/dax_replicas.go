package redundancy

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "dax-replicas",
	Title:       "DAX clusters have three nodes.",
	Severity:    rule.Medium,
	Description: "AWS recommends three nodes, one in each zone.",
	Remedy:      "set replicationFactor to 3 or more",
	Check:       rule.That("replicationFactor", rule.IsAtLeast(3)),
}.On("aws:dax/cluster:Cluster", rule.Properties{
	"clusterName":       "items",
	"iamRoleArn":        "arn:aws:iam::123456789012:role/dax",
	"nodeType":          "dax.r5.large",
	"replicationFactor": 3.0,
}, "replicationFactor", 1.0))
