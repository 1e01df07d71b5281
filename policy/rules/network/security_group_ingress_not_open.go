package network

import "github.com/tandem-platform/tandem/policy/rule"

// openIngress asks something of a property of every ingress rule but of those for
// the ports that are meant for everyone.
func openIngress(list, property string, holds rule.Condition) rule.Check {
	return func(r rule.Resource) []rule.Finding {
		var findings []rule.Finding
		for _, ingress := range r.Each(list + ".*") {
			if ports := portsOf(ingress); ports == forEveryone || ports == unknownPorts {
				continue
			}
			findings = append(findings, ingress.Must(property, holds)...)
		}
		return findings
	}
}

// portsOf is the range of ports of a rule, "80", "443" and the empty range of
// what is unknown among them.
func portsOf(ingress rule.Value) ports {
	from, to := ingress.At("fromPort"), ingress.At("toPort")
	protocol := ingress.At("protocol")
	if from.Unknown() || to.Unknown() || protocol.Unknown() {
		return unknownPorts
	}
	first, _ := from.Number()
	last, _ := to.Number()
	if name, _ := protocol.Text(); name == "tcp" && first == last && (first == 80 || first == 443) {
		return forEveryone
	}
	return guarded
}

// ports is a class of ports.
type ports int

const (
	guarded ports = iota
	forEveryone
	unknownPorts
)

var _ = rules.Add(rule.Rule{
	ID:          "security-group-ingress-not-open",
	Title:       "No security group lets in the internet but for HTTP and HTTPS.",
	Severity:    rule.Critical,
	Description: "What listens on another port than 80 and 443 was not made for the internet: consoles, databases, agents.",
	Remedy:      "name the addresses or the security group that need it",
	Check:       rule.All(openIngress("ingress", "cidrBlocks", rule.HasNone("0.0.0.0/0")), openIngress("ingress", "ipv6CidrBlocks", rule.HasNone("::/0"))),
}.
	On("aws:ec2/securityGroup:SecurityGroup", rule.Properties{
		"vpcId":   "vpc-1",
		"ingress": []any{map[string]any{"protocol": "tcp", "fromPort": 22.0, "toPort": 22.0, "cidrBlocks": []any{"10.0.0.0/8"}}},
	}, "ingress.0.cidrBlocks", []any{"0.0.0.0/0"}).
	On("aws:ec2/securityGroup:SecurityGroup", rule.Properties{
		"vpcId":   "vpc-1",
		"ingress": []any{map[string]any{"protocol": "-1", "fromPort": 0.0, "toPort": 0.0, "ipv6CidrBlocks": []any{"fd00::/8"}}},
	}, "ingress.0.ipv6CidrBlocks", []any{"::/0"}).
	Accepts(rule.Properties{
		"vpcId":   "vpc-1",
		"ingress": []any{map[string]any{"protocol": "tcp", "fromPort": 443.0, "toPort": 443.0, "cidrBlocks": []any{"0.0.0.0/0"}}},
	}))
