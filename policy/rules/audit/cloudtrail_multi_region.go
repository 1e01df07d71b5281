package audit

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "cloudtrail-multi-region",
	Title:       "CloudTrail trails record every region.",
	Severity:    rule.High,
	Description: "What happens in a region that nobody uses is what nobody looks for.",
	Remedy:      "set isMultiRegionTrail to true",
	Check:       rule.That("isMultiRegionTrail", rule.IsTrue),
	Fix:         []rule.Fix{{Property: "isMultiRegionTrail", Value: true}},
}.On("aws:cloudtrail/trail:Trail", rule.Properties{"s3BucketName": "trails", "isMultiRegionTrail": true}, "isMultiRegionTrail", false, rule.Missing))
