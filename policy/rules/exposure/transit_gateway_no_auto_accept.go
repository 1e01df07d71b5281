package exposure

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "transit-gateway-no-auto-accept",
	Title:       "Transit gateways do not accept attachments by themselves.",
	Severity:    rule.High,
	Description: "Otherwise whichever account the gateway is shared with joins the network unasked.",
	Remedy:      "leave autoAcceptSharedAttachments out",
	Check:       rule.That("autoAcceptSharedAttachments", rule.IsOneOf("", "disable")),
	Fix:         []rule.Fix{{Property: "autoAcceptSharedAttachments", Value: "disable"}},
}.On("aws:ec2transitgateway/transitGateway:TransitGateway", rule.Properties{"description": "backbone", "autoAcceptSharedAttachments": "disable"}, "autoAcceptSharedAttachments", "enable"))
