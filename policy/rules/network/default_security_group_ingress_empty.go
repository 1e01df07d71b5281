package network

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "default-security-group-ingress-empty",
	Title:       "Default security groups let nothing in.",
	Severity:    rule.High,
	Description: "What names no group gets the default one, and would talk to everything else that named none.",
	Remedy:      "leave ingress out: the resource then removes the rules that AWS put there",
	Check:       rule.That("ingress", rule.IsNotSet),
	Fix:         []rule.Fix{{Property: "ingress", Value: []any{}}},
}.On("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", rule.Properties{"vpcId": "vpc-1", "ingress": []any{}}, "ingress", []any{map[string]any{"protocol": "-1", "fromPort": 0.0, "toPort": 0.0, "self": true}}))
