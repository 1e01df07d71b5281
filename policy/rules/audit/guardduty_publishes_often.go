package audit

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "guardduty-publishes-often",
	Title:       "GuardDuty publishes findings every quarter of an hour.",
	Severity:    rule.Low,
	Description: "The default for what happens again is six hours.",
	Remedy:      "set findingPublishingFrequency to FIFTEEN_MINUTES",
	Check:       rule.That("findingPublishingFrequency", rule.IsOneOf("FIFTEEN_MINUTES")),
	Fix:         []rule.Fix{{Property: "findingPublishingFrequency", Value: "FIFTEEN_MINUTES"}},
}.On("aws:guardduty/detector:Detector", rule.Properties{"findingPublishingFrequency": "FIFTEEN_MINUTES"}, "findingPublishingFrequency", "SIX_HOURS", "ONE_HOUR", rule.Missing))
