package exposure

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "transfer-server-in-vpc",
	Title:       "Transfer servers are inside a VPC.",
	Severity:    rule.Medium,
	Description: "A public endpoint has no security group: everyone may try passwords.",
	Remedy:      "set endpointType to VPC and endpointDetails",
	Check:       rule.That("endpointType", rule.IsOneOf("VPC")),
}.On("aws:transfer/server:Server", rule.Properties{"protocols": []any{"SFTP"}, "endpointType": "VPC"}, "endpointType", "PUBLIC", rule.Missing))
