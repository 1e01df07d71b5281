package network

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "security-group-described",
	Title:       "Rules of security groups say what they are for.",
	Severity:    rule.Low,
	Description: "Nobody removes a rule whose purpose nobody knows.",
	Remedy:      "set description",
	Check:       rule.That("ingress.*.description", rule.IsSet),
}.On("aws:ec2/securityGroup:SecurityGroup", rule.Properties{
	"vpcId":   "vpc-1",
	"ingress": []any{map[string]any{"protocol": "tcp", "fromPort": 443.0, "toPort": 443.0, "cidrBlocks": []any{"10.0.0.0/8"}, "description": "the load balancer"}},
}, "ingress.0.description", rule.Missing))
