package audit

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "appsync-logs",
	Title:       "AppSync APIs log errors.",
	Severity:    rule.Low,
	Description: "Without a log nobody can say why a query failed, or who asked it.",
	Remedy:      "set logConfig.fieldLogLevel to ERROR",
	Check:       rule.That("logConfig.fieldLogLevel", rule.IsOneOf("ERROR", "ALL", "INFO", "DEBUG")),
}.On("aws:appsync/graphQLApi:GraphQLApi", rule.Properties{
	"name":               "orders",
	"authenticationType": "AWS_IAM",
	"logConfig":          map[string]any{"cloudwatchLogsRoleArn": "arn:aws:iam::123456789012:role/logs", "fieldLogLevel": "ERROR"},
}, "logConfig.fieldLogLevel", "NONE"))
