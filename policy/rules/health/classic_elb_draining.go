package health

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "classic-elb-draining",
	Title:       "Classic load balancers let requests end.",
	Severity:    rule.Low,
	Description: "Without draining, every deployment cuts off the requests that are under way.",
	Remedy:      "set connectionDraining to true",
	Check:       rule.That("connectionDraining", rule.IsTrue),
	Fix:         []rule.Fix{{Property: "connectionDraining", Value: true}},
}.On("aws:elb/loadBalancer:LoadBalancer", rule.Properties{"listeners": []any{}, "connectionDraining": true}, "connectionDraining", false, rule.Missing))
