package redundancy

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "load-balancer-zones",
	Title:       "Load balancers are in two zones or more.",
	Severity:    rule.Medium,
	Description: "A load balancer of one zone is down with the zone.",
	Remedy:      "set subnets in two zones or more",
	Check:       rule.When("subnetMappings", rule.IsNotSet, rule.That("subnets", rule.HasAtLeast(2))),
}.
	On("aws:lb/loadBalancer:LoadBalancer", rule.Properties{"loadBalancerType": "network", "subnets": []any{"subnet-1", "subnet-2"}}, "subnets", []any{"subnet-1"}).
	Accepts(rule.Properties{
		"loadBalancerType": "network",
		"subnetMappings":   []any{map[string]any{"subnetId": "subnet-1"}, map[string]any{"subnetId": "subnet-2"}},
	}))
