package protection

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:       "network-firewall-deletion-protected",
	Title:    "Network firewalls are protected from deletion.",
	Severity: rule.Medium,
	Description: "A deletion that is a mistake, of a person or a program, is refused. Whoever means it turns this off " +
		"first.",
	Remedy: "set deleteProtection to true",
	Check:  rule.That("deleteProtection", rule.IsTrue),
	Fix:    []rule.Fix{{Property: "deleteProtection", Value: true}},
}.On("aws:networkfirewall/firewall:Firewall", rule.Properties{
	"firewallPolicyArn": "arn:aws:network-firewall:us-east-1:123456789012:firewall-policy/web",
	"vpcId":             "vpc-1",
	"deleteProtection":  true,
}, "deleteProtection", false, rule.Missing))
