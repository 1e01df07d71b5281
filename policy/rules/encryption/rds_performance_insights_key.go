package encryption

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "rds-performance-insights-key",
	Title:       "Performance Insights of RDS instances use a KMS key of the customer's.",
	Severity:    rule.Low,
	Description: "Performance Insights shows the text of statements, which may hold personal data.",
	Remedy:      "set performanceInsightsKmsKeyId to a key of your own",
	Check:       rule.When("performanceInsightsEnabled", rule.IsTrue, rule.That("performanceInsightsKmsKeyId", rule.IsSet)),
}.
	On("aws:rds/instance:Instance", rule.Properties{
		"instanceClass":               "db.r7g.large",
		"performanceInsightsEnabled":  true,
		"performanceInsightsKmsKeyId": "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555",
	}, "performanceInsightsKmsKeyId", rule.Missing).
	Accepts(rule.Properties{"instanceClass": "db.r7g.large"}))
