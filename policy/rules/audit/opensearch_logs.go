package audit

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "opensearch-logs",
	Title:       "OpenSearch domains log errors and audits.",
	Severity:    rule.Medium,
	Description: "Without logs nobody can say who read what, or why a query is slow.",
	Remedy:      "set logPublishingOptions for ES_APPLICATION_LOGS and AUDIT_LOGS",
	Check:       rule.That("logPublishingOptions", rule.IsSet),
}.On("aws:opensearch/domain:Domain", rule.Properties{
	"domainName":           "search",
	"logPublishingOptions": []any{map[string]any{"cloudwatchLogGroupArn": "arn:aws:logs:us-east-1:123456789012:log-group:search", "logType": "AUDIT_LOGS"}},
}, "logPublishingOptions", rule.Missing, []any{}))
