package audit

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "cloudtrail-validation",
	Title:       "CloudTrail trails prove that their files are unchanged.",
	Severity:    rule.Medium,
	Description: "Digests show whether somebody deleted or edited what tells of them.",
	Remedy:      "set enableLogFileValidation to true",
	Check:       rule.That("enableLogFileValidation", rule.IsTrue),
	Fix:         []rule.Fix{{Property: "enableLogFileValidation", Value: true}},
}.On("aws:cloudtrail/trail:Trail", rule.Properties{"s3BucketName": "trails", "enableLogFileValidation": true}, "enableLogFileValidation", false, rule.Missing))
