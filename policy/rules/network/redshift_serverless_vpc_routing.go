package network

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "redshift-serverless-vpc-routing",
	Title:       "Redshift Serverless workgroups load and unload through the VPC.",
	Severity:    rule.Medium,
	Description: "Otherwise COPY and UNLOAD go over the internet, past endpoint policies and flow logs.",
	Remedy:      "set enhancedVpcRouting to true",
	Check:       rule.That("enhancedVpcRouting", rule.IsTrue),
	Fix:         []rule.Fix{{Property: "enhancedVpcRouting", Value: true}},
}.On("aws:redshiftserverless/workgroup:Workgroup", rule.Properties{"namespaceName": "reports", "workgroupName": "reports", "enhancedVpcRouting": true}, "enhancedVpcRouting", false, rule.Missing))
