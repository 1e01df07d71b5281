package exposure

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:       "ec2-instance-no-public-address",
	Title:    "EC2 instances get no public address.",
	Severity: rule.High,
	Description: "A machine with a public address is scanned within minutes. Load balancers take what comes in, and " +
		"Session Manager those who administer.",
	Remedy: "leave associatePublicIpAddress out and use a private subnet",
	Check:  rule.That("associatePublicIpAddress", rule.IsNotTrue),
	Fix:    []rule.Fix{{Property: "associatePublicIpAddress", Value: false}},
}.On("aws:ec2/instance:Instance", rule.Properties{"instanceType": "t4g.small", "associatePublicIpAddress": false}, "associatePublicIpAddress", true))
