package audit

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "cloudtrail-on",
	Title:       "CloudTrail trails record.",
	Severity:    rule.Critical,
	Description: "A trail that is turned off is how a break-in begins.",
	Remedy:      "leave enableLogging out",
	Check:       rule.That("enableLogging", rule.IsNotFalse),
	Fix:         []rule.Fix{{Property: "enableLogging", Value: true}},
}.On("aws:cloudtrail/trail:Trail", rule.Properties{"s3BucketName": "trails", "enableLogging": true}, "enableLogging", false))
