package redundancy

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "interface-endpoint-zones",
	Title:       "Interface endpoints are in two zones or more.",
	Severity:    rule.Low,
	Description: "With its zone, an endpoint of one zone takes the service away from all others.",
	Remedy:      "set subnetIds of two zones or more",
	Check:       rule.When("vpcEndpointType", rule.IsOneOf("Interface"), rule.That("subnetIds", rule.HasAtLeast(2))),
}.
	On("aws:ec2/vpcEndpoint:VpcEndpoint", rule.Properties{
		"vpcId":           "vpc-1",
		"serviceName":     "com.amazonaws.us-east-1.sts",
		"vpcEndpointType": "Interface",
		"subnetIds":       []any{"subnet-1", "subnet-2"},
	}, "subnetIds", []any{"subnet-1"}).
	Accepts(rule.Properties{
		"vpcId":           "vpc-1",
		"serviceName":     "com.amazonaws.us-east-1.s3",
		"vpcEndpointType": "Gateway",
	}))
