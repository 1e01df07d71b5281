package exposure

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:       "subnet-no-public-addresses",
	Title:    "Subnets give no public addresses by themselves.",
	Severity: rule.Medium,
	Description: "Whatever starts in such a subnet is reachable from the internet, meant or not. Load balancers and NAT " +
		"gateways do not need it.",
	Remedy: "leave mapPublicIpOnLaunch out",
	Check:  rule.That("mapPublicIpOnLaunch", rule.IsNotTrue),
	Fix:    []rule.Fix{{Property: "mapPublicIpOnLaunch", Value: false}},
}.On("aws:ec2/subnet:Subnet", rule.Properties{"vpcId": "vpc-1", "cidrBlock": "10.0.0.0/24", "mapPublicIpOnLaunch": false}, "mapPublicIpOnLaunch", true))
