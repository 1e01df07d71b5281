package kubernetes

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "service-load-balancer-limited",
	Title:       "Services of type LoadBalancer limit who reaches them.",
	Severity:    rule.High,
	Description: "The default is the whole internet, past the WAF of the platform's load balancer.",
	Remedy:      "set spec.loadBalancerSourceRanges",
	Check:       rule.When("spec.type", rule.IsOneOf("LoadBalancer"), rule.That("spec.loadBalancerSourceRanges", rule.IsSet)),
}.
	On("kubernetes:core/v1:Service", rule.Properties{
		"spec": map[string]any{"type": "LoadBalancer", "ports": []any{map[string]any{"port": 443.0}}, "loadBalancerSourceRanges": []any{"10.0.0.0/8"}},
	}, "spec.loadBalancerSourceRanges", rule.Missing, []any{}).
	Accepts(rule.Properties{
		"spec": map[string]any{"type": "ClusterIP", "ports": []any{map[string]any{"port": 80.0}}},
	}))
