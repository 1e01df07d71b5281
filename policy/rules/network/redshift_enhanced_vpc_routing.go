package network

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "redshift-enhanced-vpc-routing",
	Title:       "Redshift clusters load and unload through the VPC.",
	Severity:    rule.Medium,
	Description: "Otherwise COPY and UNLOAD go over the internet, past endpoint policies and flow logs.",
	Remedy:      "set enhancedVpcRouting to true",
	Check:       rule.That("enhancedVpcRouting", rule.IsTrue),
	Fix:         []rule.Fix{{Property: "enhancedVpcRouting", Value: true}},
}.On("aws:redshift/cluster:Cluster", rule.Properties{
	"clusterIdentifier":  "reports",
	"nodeType":           "ra3.large",
	"enhancedVpcRouting": true,
}, "enhancedVpcRouting", false, rule.Missing))
