package network

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "security-group-ingress-rule-not-open",
	Title:       "No ingress rule of a security group lets in the internet but for HTTP and HTTPS.",
	Severity:    rule.Critical,
	Description: "What listens on another port than 80 and 443 was not made for the internet: consoles, databases, agents.",
	Remedy:      "name the addresses or the security group that need it",
	Check: func(r rule.Resource) []rule.Finding {
		from, _ := r.At("fromPort").Number()
		to, _ := r.At("toPort").Number()
		protocol, _ := r.At("ipProtocol").Text()
		if r.At("fromPort").Unknown() || r.At("toPort").Unknown() || r.At("ipProtocol").Unknown() {
			return nil
		}
		if protocol == "tcp" && from == to && (from == 80 || from == 443) {
			return nil
		}
		return rule.All(rule.That("cidrIpv4", rule.IsNoneOf("0.0.0.0/0")), rule.That("cidrIpv6", rule.IsNoneOf("::/0")))(r)
	},
}.
	On("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", rule.Properties{
		"securityGroupId": "sg-1",
		"ipProtocol":      "tcp",
		"fromPort":        22.0,
		"toPort":          22.0,
		"cidrIpv4":        "10.0.0.0/8",
	}, "cidrIpv4", "0.0.0.0/0").
	On("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", rule.Properties{"securityGroupId": "sg-1", "ipProtocol": "-1", "cidrIpv6": "fd00::/8"}, "cidrIpv6", "::/0").
	Accepts(rule.Properties{
		"securityGroupId": "sg-1",
		"ipProtocol":      "tcp",
		"fromPort":        443.0,
		"toPort":          443.0,
		"cidrIpv4":        "0.0.0.0/0",
	}))
