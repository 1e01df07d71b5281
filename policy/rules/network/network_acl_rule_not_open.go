package network

import "github.com/tandem-platform/tandem/policy/rule"

// administration is a check that applies to rules which cover a port of
// administration: 22 for SSH, 3389 for remote desktop.
func administration(check rule.Check) rule.Check {
	return func(r rule.Resource) []rule.Finding {
		from, knowsFrom := r.At("fromPort").Number()
		to, knowsTo := r.At("toPort").Number()
		protocol, knowsProtocol := r.At("protocol").Text()
		if !knowsProtocol || protocol != "-1" && (!knowsFrom || !knowsTo) {
			return nil
		}
		for _, port := range []float64{22, 3389} {
			if protocol == "-1" || from <= port && port <= to {
				return check(r)
			}
		}
		return nil
	}
}

var _ = rules.Add(rule.Rule{
	ID:       "network-acl-rule-not-open",
	Title:    "No network ACL rule lets in the internet on administration ports.",
	Severity: rule.High,
	Description: "SSH and remote desktop are tried by machines all day long. A network ACL holds for what a security " +
		"group forgets.",
	Remedy: "name the addresses, or leave out the ports 22 and 3389",
	Check:  rule.When("egress", rule.IsNotTrue, rule.When("ruleAction", rule.IsOneOf("allow"), administration(rule.All(rule.That("cidrBlock", rule.IsNoneOf("0.0.0.0/0")), rule.That("ipv6CidrBlock", rule.IsNoneOf("::/0")))))),
}.
	On("aws:ec2/networkAclRule:NetworkAclRule", rule.Properties{
		"networkAclId": "acl-1",
		"ruleNumber":   100.0,
		"ruleAction":   "allow",
		"protocol":     "tcp",
		"fromPort":     22.0,
		"toPort":       22.0,
		"cidrBlock":    "10.0.0.0/8",
	}, "cidrBlock", "0.0.0.0/0").
	On("aws:ec2/networkAclRule:NetworkAclRule", rule.Properties{
		"networkAclId":  "acl-1",
		"ruleNumber":    100.0,
		"ruleAction":    "allow",
		"protocol":      "tcp",
		"fromPort":      3389.0,
		"toPort":        3389.0,
		"ipv6CidrBlock": "fd00::/8",
	}, "ipv6CidrBlock", "::/0").
	Accepts(rule.Properties{
		"networkAclId": "acl-1",
		"ruleNumber":   100.0,
		"ruleAction":   "allow",
		"protocol":     "tcp",
		"fromPort":     443.0,
		"toPort":       443.0,
		"cidrBlock":    "0.0.0.0/0",
	}).
	Accepts(rule.Properties{
		"networkAclId": "acl-1",
		"ruleNumber":   100.0,
		"ruleAction":   "deny",
		"protocol":     "tcp",
		"fromPort":     22.0,
		"toPort":       22.0,
		"cidrBlock":    "0.0.0.0/0",
	}))
