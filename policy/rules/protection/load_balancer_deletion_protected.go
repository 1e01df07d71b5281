package protection

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:       "load-balancer-deletion-protected",
	Title:    "Load balancers are protected from deletion.",
	Severity: rule.Medium,
	Description: "A deletion that is a mistake, of a person or a program, is refused. Whoever means it turns this off " +
		"first.",
	Remedy: "set enableDeletionProtection to true",
	Check:  rule.That("enableDeletionProtection", rule.IsTrue),
	Fix:    []rule.Fix{{Property: "enableDeletionProtection", Value: true}},
}.On("aws:lb/loadBalancer:LoadBalancer", rule.Properties{"loadBalancerType": "application", "enableDeletionProtection": true}, "enableDeletionProtection", false, rule.Missing))
