package encryption

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "dax-cluster-encrypted",
	Title:       "DAX clusters are encrypted.",
	Severity:    rule.High,
	Description: "DAX writes cached items to the disks of its nodes. It is settled when the cluster is made.",
	Remedy:      "set serverSideEncryption.enabled to true",
	Check:       rule.That("serverSideEncryption.enabled", rule.IsTrue),
	Fix:         []rule.Fix{{Property: "serverSideEncryption.enabled", Value: true}},
}.On("aws:dax/cluster:Cluster", rule.Properties{
	"clusterName":          "items",
	"iamRoleArn":           "arn:aws:iam::123456789012:role/dax",
	"nodeType":             "dax.r5.large",
	"replicationFactor":    3.0,
	"serverSideEncryption": map[string]any{"enabled": true},
}, "serverSideEncryption.enabled", false, rule.Missing))
