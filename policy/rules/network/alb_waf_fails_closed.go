package network

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "alb-waf-fails-closed",
	Title:       "Application load balancers do not let requests past a WAF that fails.",
	Severity:    rule.Medium,
	Description: "Otherwise whoever makes the WAF slow is no longer filtered.",
	Remedy:      "leave enableWafFailOpen out",
	Check:       rule.That("enableWafFailOpen", rule.IsNotTrue),
	Fix:         []rule.Fix{{Property: "enableWafFailOpen", Value: false}},
}.On("aws:lb/loadBalancer:LoadBalancer", rule.Properties{"loadBalancerType": "application", "enableWafFailOpen": false}, "enableWafFailOpen", true))
