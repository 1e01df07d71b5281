package exposure

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "s3-access-point-in-vpc",
	Title:       "S3 access points take requests from one VPC alone.",
	Severity:    rule.Low,
	Description: "An access point that is bound to a VPC cannot be used from elsewhere, whatever its policy says.",
	Remedy:      "set vpcConfiguration.vpcId",
	Check:       rule.That("vpcConfiguration.vpcId", rule.IsSet),
}.On("aws:s3/accessPoint:AccessPoint", rule.Properties{"bucket": "files", "vpcConfiguration": map[string]any{"vpcId": "vpc-1"}}, "vpcConfiguration.vpcId", rule.Missing))
