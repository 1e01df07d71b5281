package network

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "default-security-group-egress-empty",
	Title:       "Default security groups let nothing out.",
	Severity:    rule.Medium,
	Description: "What names no group gets the default one, and would reach everywhere.",
	Remedy:      "leave egress out: the resource then removes the rules that AWS put there",
	Check:       rule.That("egress", rule.IsNotSet),
	Fix:         []rule.Fix{{Property: "egress", Value: []any{}}},
}.On("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", rule.Properties{"vpcId": "vpc-1", "egress": []any{}}, "egress", []any{map[string]any{"protocol": "-1", "fromPort": 0.0, "toPort": 0.0, "cidrBlocks": []any{"0.0.0.0/0"}}}))
