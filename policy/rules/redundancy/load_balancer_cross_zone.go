package redundancy

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:       "load-balancer-cross-zone",
	Title:    "Network load balancers spread over zones.",
	Severity: rule.Low,
	Description: "Otherwise the targets of a zone with few of them get more than their share, and an empty zone answers " +
		"nothing.",
	Remedy: "set enableCrossZoneLoadBalancing to true",
	Check:  rule.When("loadBalancerType", rule.IsOneOf("network", "gateway"), rule.That("enableCrossZoneLoadBalancing", rule.IsTrue)),
	Fix:    []rule.Fix{{Property: "enableCrossZoneLoadBalancing", Value: true}},
}.
	On("aws:lb/loadBalancer:LoadBalancer", rule.Properties{"loadBalancerType": "network", "enableCrossZoneLoadBalancing": true}, "enableCrossZoneLoadBalancing", false, rule.Missing).
	Accepts(rule.Properties{"loadBalancerType": "application"}))
