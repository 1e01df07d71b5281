package transit

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "dax-endpoint-encrypted",
	Title:       "DAX clusters talk TLS.",
	Severity:    rule.Medium,
	Description: "The default is none, and it is settled when the cluster is made.",
	Remedy:      "set clusterEndpointEncryptionType to TLS",
	Check:       rule.That("clusterEndpointEncryptionType", rule.IsOneOf("TLS")),
}.On("aws:dax/cluster:Cluster", rule.Properties{
	"clusterName":                   "items",
	"iamRoleArn":                    "arn:aws:iam::123456789012:role/dax",
	"nodeType":                      "dax.r5.large",
	"replicationFactor":             3.0,
	"clusterEndpointEncryptionType": "TLS",
}, "clusterEndpointEncryptionType", "NONE", rule.Missing))
