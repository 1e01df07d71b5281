package spending

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:       "dynamodb-on-demand",
	Title:    "DynamoDB tables are paid for by request.",
	Severity: rule.Low,
	Description: "Provisioned capacity is paid for by the hour, used or not, and refuses what is above. A table with " +
		"autoscaling needs an exception.",
	Remedy: "set billingMode to PAY_PER_REQUEST",
	Check:  rule.That("billingMode", rule.IsOneOf("PAY_PER_REQUEST")),
}.On("aws:dynamodb/table:Table", rule.Properties{"hashKey": "id", "billingMode": "PAY_PER_REQUEST"}, "billingMode", "PROVISIONED", rule.Missing))
