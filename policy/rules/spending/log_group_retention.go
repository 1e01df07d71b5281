package spending

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "log-group-retention",
	Title:       "CloudWatch log groups forget.",
	Severity:    rule.Medium,
	Description: "The default is to keep logs for ever, at a price every month.",
	Remedy:      "set retentionInDays",
	Check:       rule.When("logGroupClass", rule.IsNoneOf("DELIVERY"), rule.That("retentionInDays", rule.IsAtLeast(1))),
}.On("aws:cloudwatch/logGroup:LogGroup", rule.Properties{"name": "web", "retentionInDays": 90.0}, "retentionInDays", 0.0, rule.Missing))
