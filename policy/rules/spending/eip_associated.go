package spending

import "github.com/tandem-platform/tandem/policy/rule"

const address = "aws:ec2/eip:Eip"

var _ = rules.Add(rule.Rule{
	ID:       "eip-associated",
	Title:    "Elastic addresses are associated with something.",
	Severity: rule.Low,
	Description: "An address is paid for by the hour, used or not. One that nothing uses was forgotten, or is a gap in somebody's " +
		"allow list that anyone may fill later.",
	Remedy: "associate the address with a gateway, a load balancer or a network interface, or remove it",
	Types:  []string{address},
	CheckInStack: func(r rule.Resource, stack *rule.Stack) []rule.Finding {
		for _, property := range []string{"instance", "networkInterface", "associateWithPrivateIp"} {
			if v := r.At(property); v.Unknown() || !v.Empty() {
				return nil
			}
		}
		if stack.Used(r) {
			return nil
		}
		return []rule.Finding{{Property: "association", Value: "missing"}}
	},
	Good: []rule.Example{
		{addressWith(nil), {Type: natGateway, Name: "nat", Properties: rule.Properties{
			"subnetId": "subnet-1", "allocationId": rule.Ref{Resource: "address", Property: "id"},
		}}},
		{addressWith(rule.Properties{"networkInterface": "eni-1"})},
	},
	Bad: []rule.Example{{addressWith(nil)}},
})

func addressWith(more rule.Properties) rule.ExampleResource {
	properties := rule.Properties{"domain": "vpc"}
	for k, v := range more {
		properties[k] = v
	}
	return rule.ExampleResource{Type: address, Name: "address", Properties: properties}
}
