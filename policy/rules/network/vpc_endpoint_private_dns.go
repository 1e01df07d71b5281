package network

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "vpc-endpoint-private-dns",
	Title:       "Interface endpoints answer to the service's own name.",
	Severity:    rule.Low,
	Description: "Without private DNS, programs that use the usual name go past the endpoint and over the internet.",
	Remedy:      "set privateDnsEnabled to true",
	Check:       rule.When("vpcEndpointType", rule.IsOneOf("Interface"), rule.That("privateDnsEnabled", rule.IsTrue)),
	Fix:         []rule.Fix{{Property: "privateDnsEnabled", Value: true}},
}.
	On("aws:ec2/vpcEndpoint:VpcEndpoint", rule.Properties{
		"vpcId":             "vpc-1",
		"serviceName":       "com.amazonaws.us-east-1.sts",
		"vpcEndpointType":   "Interface",
		"privateDnsEnabled": true,
	}, "privateDnsEnabled", false, rule.Missing).
	Accepts(rule.Properties{
		"vpcId":           "vpc-1",
		"serviceName":     "com.amazonaws.us-east-1.s3",
		"vpcEndpointType": "Gateway",
	}))
