package network

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "security-group-rule-not-open",
	Title:       "No separate rule of a security group lets in the internet but for HTTP and HTTPS.",
	Severity:    rule.Critical,
	Description: "What listens on another port than 80 and 443 was not made for the internet: consoles, databases, agents.",
	Remedy:      "name the addresses or the security group that need it",
	Check: func(r rule.Resource) []rule.Finding {
		if portsOf(r.At()) != guarded {
			return nil
		}
		return rule.When("type", rule.IsOneOf("ingress"), rule.All(rule.That("cidrBlocks", rule.HasNone("0.0.0.0/0")), rule.That("ipv6CidrBlocks", rule.HasNone("::/0"))))(r)
	},
}.
	On("aws:ec2/securityGroupRule:SecurityGroupRule", rule.Properties{
		"securityGroupId": "sg-1",
		"type":            "ingress",
		"protocol":        "tcp",
		"fromPort":        5432.0,
		"toPort":          5432.0,
		"cidrBlocks":      []any{"10.0.0.0/8"},
	}, "cidrBlocks", []any{"0.0.0.0/0"}).
	On("aws:ec2/securityGroupRule:SecurityGroupRule", rule.Properties{
		"securityGroupId": "sg-1",
		"type":            "ingress",
		"protocol":        "tcp",
		"fromPort":        0.0,
		"toPort":          65535.0,
		"ipv6CidrBlocks":  []any{"fd00::/8"},
	}, "ipv6CidrBlocks", []any{"::/0"}).
	Accepts(rule.Properties{
		"securityGroupId": "sg-1",
		"type":            "egress",
		"protocol":        "-1",
		"fromPort":        0.0,
		"toPort":          0.0,
		"cidrBlocks":      []any{"0.0.0.0/0"},
	}).
	Accepts(rule.Properties{
		"securityGroupId": "sg-1",
		"type":            "ingress",
		"protocol":        "tcp",
		"fromPort":        443.0,
		"toPort":          443.0,
		"cidrBlocks":      []any{"0.0.0.0/0"},
	}))
