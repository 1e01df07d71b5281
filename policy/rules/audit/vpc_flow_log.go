package audit

import "github.com/tandem-platform/tandem/policy/rule"

const (
	vpc     = "aws:ec2/vpc:Vpc"
	flowLog = "aws:ec2/flowLog:FlowLog"
)

var _ = rules.Add(rule.Rule{
	ID:       "vpc-flow-log",
	Title:    "Every VPC has a flow log.",
	Severity: rule.Medium,
	Description: "Flow logs show who talked to whom, and what security groups refused. After an incident they are often the only " +
		"trace; made then, they have nothing to show.",
	Remedy: "add a FlowLog with the VPC's id as vpcId",
	Types:  []string{vpc, "aws:ec2/defaultVpc:DefaultVpc"},
	CheckInStack: func(r rule.Resource, stack *rule.Stack) []rule.Finding {
		for _, log := range stack.OfType(flowLog) {
			// A log without a VPC is of a subnet or an interface.
			if !log.At("vpcId").Missing() && stack.Refers(log, "vpcId", r, "id") != rule.No {
				return nil
			}
		}
		return []rule.Finding{{Property: "flowLog", Value: "missing"}}
	},
	Good: []rule.Example{
		{vpcExample("web"), flowLogOf("web")},
		{vpcExample("web"), flowLogOf("web"), vpcExample("data"), flowLogOf("data")},
	},
	Bad: []rule.Example{
		{vpcExample("web")},
		// The log of another VPC does not count.
		{vpcExample("web"), vpcExample("data"), flowLogOf("data")},
	},
})

func vpcExample(name string) rule.ExampleResource {
	return rule.ExampleResource{Type: vpc, Name: name, Properties: rule.Properties{"cidrBlock": "10.0.0.0/16"}}
}

func flowLogOf(vpc string) rule.ExampleResource {
	return rule.ExampleResource{Type: flowLog, Name: vpc + "-log", Properties: rule.Properties{
		"vpcId": rule.Ref{Resource: vpc, Property: "id"}, "trafficType": "ALL", "logDestination": "arn:aws:logs:us-east-1:123456789012:log-group:flow",
	}}
}
