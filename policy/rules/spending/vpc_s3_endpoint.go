package spending

import (
	"strings"

	"github.com/tandem-platform/tandem/policy/rule"
)

const (
	vpc         = "aws:ec2/vpc:Vpc"
	subnet      = "aws:ec2/subnet:Subnet"
	natGateway  = "aws:ec2/natGateway:NatGateway"
	vpcEndpoint = "aws:ec2/vpcEndpoint:VpcEndpoint"
)

var _ = rules.Add(rule.Rule{
	ID:       "vpc-s3-endpoint",
	Title:    "VPCs with a NAT gateway have a gateway endpoint for S3.",
	Severity: rule.Low,
	Description: "A NAT gateway is paid for by the gigabyte, and a gateway endpoint is not paid for at all. Images, backups and logs " +
		"are most of what a platform moves, and they are in S3.",
	Remedy:       "add a VpcEndpoint of type Gateway for S3, with the private route tables",
	Types:        []string{vpc},
	CheckInStack: hasEndpoint("s3", func(*rule.Stack) bool { return true }),
	Good:         []rule.Example{append(withNAT(), endpointFor("s3")), {networkOf("lonely")}},
	Bad:          []rule.Example{withNAT(), append(withNAT(), endpointFor("dynamodb"))},
})

// hasEndpoint is a check that a VPC with a NAT gateway has a gateway endpoint for a
// service, where the stack needs one.
func hasEndpoint(service string, needed func(*rule.Stack) bool) func(rule.Resource, *rule.Stack) []rule.Finding {
	return func(r rule.Resource, stack *rule.Stack) []rule.Finding {
		if !needed(stack) || !hasNAT(stack, r) {
			return nil
		}
		for _, endpoint := range stack.OfType(vpcEndpoint) {
			if stack.Refers(endpoint, "vpcId", r, "id") == rule.No {
				continue
			}
			name, known := endpoint.At("serviceName").Text()
			if !known || strings.HasSuffix(name, "."+service) {
				return nil
			}
		}
		return []rule.Finding{{Property: "endpoint for " + service, Value: "missing"}}
	}
}

// hasNAT reports whether a VPC certainly has a NAT gateway.
func hasNAT(stack *rule.Stack, vpc rule.Resource) bool {
	for _, nat := range stack.OfType(natGateway) {
		if kind := nat.At("connectivityType"); kind.Unknown() || rule.IsOneOf("private")(kind) {
			continue
		}
		for _, s := range stack.OfType(subnet) {
			if stack.Refers(nat, "subnetId", s, "id") == rule.Yes && stack.Refers(s, "vpcId", vpc, "id") == rule.Yes {
				return true
			}
		}
	}
	return false
}

func networkOf(name string) rule.ExampleResource {
	return rule.ExampleResource{Type: vpc, Name: name, Properties: rule.Properties{"cidrBlock": "10.0.0.0/16"}}
}

// withNAT is a VPC with a NAT gateway.
func withNAT() rule.Example {
	return rule.Example{
		networkOf("network"),
		{Type: subnet, Name: "public", Properties: rule.Properties{"vpcId": rule.Ref{Resource: "network", Property: "id"}, "cidrBlock": "10.0.0.0/24"}},
		{Type: natGateway, Name: "nat", Properties: rule.Properties{"subnetId": rule.Ref{Resource: "public", Property: "id"}, "allocationId": "eipalloc-1"}},
	}
}

func endpointFor(service string) rule.ExampleResource {
	return rule.ExampleResource{Type: vpcEndpoint, Name: "endpoint", Properties: rule.Properties{
		"vpcId": rule.Ref{Resource: "network", Property: "id"}, "serviceName": "com.amazonaws.us-east-1." + service, "vpcEndpointType": "Gateway",
	}}
}
