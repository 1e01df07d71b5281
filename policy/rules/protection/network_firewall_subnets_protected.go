package protection

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:       "network-firewall-subnets-protected",
	Title:    "Subnets of network firewalls are protected from changes.",
	Severity: rule.Medium,
	Description: "A deletion that is a mistake, of a person or a program, is refused. Whoever means it turns this off " +
		"first.",
	Remedy: "set subnetChangeProtection to true",
	Check:  rule.That("subnetChangeProtection", rule.IsTrue),
	Fix:    []rule.Fix{{Property: "subnetChangeProtection", Value: true}},
}.On("aws:networkfirewall/firewall:Firewall", rule.Properties{
	"firewallPolicyArn":      "arn:aws:network-firewall:us-east-1:123456789012:firewall-policy/web",
	"vpcId":                  "vpc-1",
	"subnetChangeProtection": true,
}, "subnetChangeProtection", false, rule.Missing))
