package audit

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "cloudtrail-global-events",
	Title:       "CloudTrail trails record the global services.",
	Severity:    rule.Medium,
	Description: "IAM, STS and CloudFront are global services: who was given what is in their events.",
	Remedy:      "leave includeGlobalServiceEvents out",
	Check:       rule.That("includeGlobalServiceEvents", rule.IsNotFalse),
	Fix:         []rule.Fix{{Property: "includeGlobalServiceEvents", Value: true}},
}.On("aws:cloudtrail/trail:Trail", rule.Properties{"s3BucketName": "trails", "includeGlobalServiceEvents": true}, "includeGlobalServiceEvents", false))
