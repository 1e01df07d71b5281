package spending

import "github.com/tandem-platform/tandem/policy/rule"

const table = "aws:dynamodb/table:Table"

var _ = rules.Add(rule.Rule{
	ID:       "vpc-dynamodb-endpoint",
	Title:    "VPCs with a NAT gateway have a gateway endpoint for DynamoDB, where there are tables.",
	Severity: rule.Low,
	Description: "Through the NAT gateway every read and write is paid for by the gigabyte. A gateway endpoint is not paid for at " +
		"all, and stays within the network of AWS.",
	Remedy: "add a VpcEndpoint of type Gateway for DynamoDB, with the private route tables",
	Types:  []string{vpc},
	CheckInStack: hasEndpoint("dynamodb", func(stack *rule.Stack) bool {
		return len(stack.OfType(table, "aws:dynamodb/tableReplica:TableReplica")) > 0
	}),
	Good: []rule.Example{append(withNAT(), sessions, endpointFor("dynamodb"))},
	Bad:  []rule.Example{append(withNAT(), sessions)},
})

var sessions = rule.ExampleResource{Type: table, Name: "sessions", Properties: rule.Properties{
	"hashKey": "id", "attributes": []any{map[string]any{"name": "id", "type": "S"}}, "billingMode": "PAY_PER_REQUEST",
}}
