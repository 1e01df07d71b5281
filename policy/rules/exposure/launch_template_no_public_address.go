package exposure

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "launch-template-no-public-address",
	Title:       "Instances of launch templates get no public address.",
	Severity:    rule.High,
	Description: "Every instance that the template starts would be reachable from the internet.",
	Remedy:      "leave associatePublicIpAddress out of the interface",
	Check:       rule.That("networkInterfaces.*.associatePublicIpAddress", rule.IsNotTrue),
}.On("aws:ec2/launchTemplate:LaunchTemplate", rule.Properties{
	"networkInterfaces": []any{map[string]any{"associatePublicIpAddress": "false", "deviceIndex": 0.0}},
}, "networkInterfaces.0.associatePublicIpAddress", "true"))
