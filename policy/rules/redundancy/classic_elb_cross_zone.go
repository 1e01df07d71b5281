package redundancy

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "classic-elb-cross-zone",
	Title:       "Classic load balancers spread over zones.",
	Severity:    rule.Low,
	Description: "Otherwise the instances of a zone with few of them get more than their share.",
	Remedy:      "leave crossZoneLoadBalancing out",
	Check:       rule.That("crossZoneLoadBalancing", rule.IsNotFalse),
	Fix:         []rule.Fix{{Property: "crossZoneLoadBalancing", Value: true}},
}.On("aws:elb/loadBalancer:LoadBalancer", rule.Properties{"listeners": []any{}, "crossZoneLoadBalancing": true}, "crossZoneLoadBalancing", false))
