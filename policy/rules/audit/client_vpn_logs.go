package audit

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "client-vpn-logs",
	Title:       "Client VPN endpoints log connections.",
	Severity:    rule.Medium,
	Description: "Who was in the network, and when, is in this log alone.",
	Remedy:      "set connectionLogOptions.enabled and cloudwatchLogGroup",
	Check:       rule.That("connectionLogOptions.enabled", rule.IsTrue),
}.On("aws:ec2clientvpn/endpoint:Endpoint", rule.Properties{
	"clientCidrBlock":      "10.9.0.0/16",
	"serverCertificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/1",
	"connectionLogOptions": map[string]any{"enabled": true, "cloudwatchLogGroup": "vpn"},
}, "connectionLogOptions.enabled", false))
