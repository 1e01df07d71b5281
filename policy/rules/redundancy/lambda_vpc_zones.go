package redundancy

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "lambda-vpc-zones",
	Title:       "Lambda functions in a VPC are in two zones or more.",
	Severity:    rule.Low,
	Description: "A function of one zone is down with the zone.",
	Remedy:      "set vpcConfig.subnetIds of two zones or more",
	Check:       rule.When("vpcConfig.subnetIds", rule.IsSet, rule.That("vpcConfig.subnetIds", rule.HasAtLeast(2))),
}.
	On("aws:lambda/function:Function", rule.Properties{
		"role":      "arn:aws:iam::123456789012:role/resize",
		"vpcConfig": map[string]any{"subnetIds": []any{"subnet-1", "subnet-2"}, "securityGroupIds": []any{"sg-1"}},
	}, "vpcConfig.subnetIds", []any{"subnet-1"}).
	Accepts(rule.Properties{"role": "arn:aws:iam::123456789012:role/resize"}))
