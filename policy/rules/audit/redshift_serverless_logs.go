package audit

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "redshift-serverless-logs",
	Title:       "Redshift Serverless namespaces send logs to CloudWatch.",
	Severity:    rule.Medium,
	Description: "The log on the instance goes with the instance, and nothing alarms on it.",
	Remedy:      "set logExports",
	Check:       rule.That("logExports", rule.IsSet),
}.On("aws:redshiftserverless/namespace:Namespace", rule.Properties{"namespaceName": "reports", "logExports": []any{"connectionlog", "userlog"}}, "logExports", rule.Missing, []any{}))
