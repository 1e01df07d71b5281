package network

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:       "alb-desync-mitigation",
	Title:    "Application load balancers guard against desynchronised requests.",
	Severity: rule.Medium,
	Description: "Requests that two servers read in two ways are how one user gets another's answer. The default is " +
		"defensive.",
	Remedy: "leave desyncMitigationMode out, or set it to strictest",
	Check:  rule.That("desyncMitigationMode", rule.IsNoneOf("monitor")),
	Fix:    []rule.Fix{{Property: "desyncMitigationMode", Value: "defensive"}},
}.On("aws:lb/loadBalancer:LoadBalancer", rule.Properties{"loadBalancerType": "application", "desyncMitigationMode": "defensive"}, "desyncMitigationMode", "monitor"))
