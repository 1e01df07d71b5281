package network

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "security-group-ingress-rule-described",
	Title:       "Ingress rules say what they are for.",
	Severity:    rule.Low,
	Description: "Nobody removes a rule whose purpose nobody knows.",
	Remedy:      "set description",
	Check:       rule.That("description", rule.IsSet),
}.On("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", rule.Properties{
	"securityGroupId": "sg-1",
	"ipProtocol":      "tcp",
	"fromPort":        443.0,
	"toPort":          443.0,
	"cidrIpv4":        "10.0.0.0/8",
	"description":     "the load balancer",
}, "description", rule.Missing))
