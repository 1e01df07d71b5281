package network

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "network-firewall-stateless-default",
	Title:       "Network firewalls pass on or drop what no stateless rule matches.",
	Severity:    rule.Medium,
	Description: "What is passed here is never seen by the stateful rules.",
	Remedy:      "set statelessDefaultActions to aws:forward_to_sfe or aws:drop",
	Check:       rule.That("firewallPolicy.statelessDefaultActions", rule.HasNone("aws:pass")),
}.On("aws:networkfirewall/firewallPolicy:FirewallPolicy", rule.Properties{
	"firewallPolicy": map[string]any{"statelessDefaultActions": []any{"aws:forward_to_sfe"}, "statelessFragmentDefaultActions": []any{"aws:drop"}},
}, "firewallPolicy.statelessDefaultActions", []any{"aws:pass"}))
