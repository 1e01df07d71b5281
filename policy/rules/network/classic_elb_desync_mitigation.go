package network

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:       "classic-elb-desync-mitigation",
	Title:    "Classic load balancers guard against desynchronised requests.",
	Severity: rule.Medium,
	Description: "Requests that two servers read in two ways are how one user gets another's answer. The default is " +
		"defensive.",
	Remedy: "leave desyncMitigationMode out, or set it to strictest",
	Check:  rule.That("desyncMitigationMode", rule.IsNoneOf("monitor")),
	Fix:    []rule.Fix{{Property: "desyncMitigationMode", Value: "defensive"}},
}.On("aws:elb/loadBalancer:LoadBalancer", rule.Properties{"desyncMitigationMode": "defensive", "listeners": []any{}}, "desyncMitigationMode", "monitor"))
