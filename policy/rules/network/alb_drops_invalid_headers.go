package network

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "alb-drops-invalid-headers",
	Title:       "Application load balancers drop invalid headers.",
	Severity:    rule.Medium,
	Description: "Header names that the standard does not allow are how requests are smuggled past a proxy.",
	Remedy:      "set dropInvalidHeaderFields to true",
	Check:       rule.When("loadBalancerType", rule.IsOneOf("", "application"), rule.That("dropInvalidHeaderFields", rule.IsTrue)),
	Fix:         []rule.Fix{{Property: "dropInvalidHeaderFields", Value: true}},
}.
	On("aws:lb/loadBalancer:LoadBalancer", rule.Properties{"loadBalancerType": "application", "dropInvalidHeaderFields": true}, "dropInvalidHeaderFields", false, rule.Missing).
	Accepts(rule.Properties{"loadBalancerType": "network"}))
