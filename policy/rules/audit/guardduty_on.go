package audit

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "guardduty-on",
	Title:       "GuardDuty detectors are on.",
	Severity:    rule.High,
	Description: "A detector that is suspended finds nothing.",
	Remedy:      "leave enable out",
	Check:       rule.That("enable", rule.IsNotFalse),
	Fix:         []rule.Fix{{Property: "enable", Value: true}},
}.On("aws:guardduty/detector:Detector", rule.Properties{"enable": true}, "enable", false))
