package exposure

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "launch-configuration-no-public-address",
	Title:       "Instances of launch configurations get no public address.",
	Severity:    rule.High,
	Description: "Every instance of the group would be reachable from the internet.",
	Remedy:      "leave associatePublicIpAddress out",
	Check:       rule.That("associatePublicIpAddress", rule.IsNotTrue),
	Fix:         []rule.Fix{{Property: "associatePublicIpAddress", Value: false}},
}.On("aws:ec2/launchConfiguration:LaunchConfiguration", rule.Properties{
	"imageId":                  "ami-11111111",
	"instanceType":             "m7g.large",
	"associatePublicIpAddress": false,
}, "associatePublicIpAddress", true))
