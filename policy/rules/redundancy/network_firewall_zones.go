package redundancy

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "network-firewall-zones",
	Title:       "Network firewalls have endpoints in two zones or more.",
	Severity:    rule.Medium,
	Description: "What passes a firewall of one zone is cut off with the zone.",
	Remedy:      "set subnetMappings in two zones or more",
	Check:       rule.That("subnetMappings", rule.HasAtLeast(2)),
}.On("aws:networkfirewall/firewall:Firewall", rule.Properties{
	"firewallPolicyArn": "arn:aws:network-firewall:us-east-1:123456789012:firewall-policy/web",
	"vpcId":             "vpc-1",
	"subnetMappings":    []any{map[string]any{"subnetId": "subnet-1"}, map[string]any{"subnetId": "subnet-2"}},
}, "subnetMappings", []any{map[string]any{"subnetId": "subnet-1"}}))
