package audit

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "cloudtrail-store-retention",
	Title:       "CloudTrail event data stores keep events for a year.",
	Severity:    rule.Low,
	Description: "Break-ins are found months later. The default is seven years.",
	Remedy:      "set retentionPeriod to 365 or more",
	Check:       rule.That("retentionPeriod?", rule.IsAtLeast(365)),
	Fix:         []rule.Fix{{Property: "retentionPeriod", Value: 365.0}},
}.On("aws:cloudtrail/eventDataStore:EventDataStore", rule.Properties{"name": "events", "retentionPeriod": 2555.0}, "retentionPeriod", 30.0))
