package network

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "network-firewall-fragment-default",
	Title:       "Network firewalls pass on or drop fragments that no stateless rule matches.",
	Severity:    rule.Medium,
	Description: "Fragments are how packets are disguised.",
	Remedy:      "set statelessFragmentDefaultActions to aws:drop or aws:forward_to_sfe",
	Check:       rule.That("firewallPolicy.statelessFragmentDefaultActions", rule.HasNone("aws:pass")),
}.On("aws:networkfirewall/firewallPolicy:FirewallPolicy", rule.Properties{
	"firewallPolicy": map[string]any{"statelessDefaultActions": []any{"aws:forward_to_sfe"}, "statelessFragmentDefaultActions": []any{"aws:drop"}},
}, "firewallPolicy.statelessFragmentDefaultActions", []any{"aws:pass"}))
