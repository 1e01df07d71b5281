package protection

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "s3-no-force-destroy",
	Title:       "S3 buckets are not emptied to be deleted.",
	Severity:    rule.Medium,
	Description: "Otherwise the removal of one line of a program removes all that is in it.",
	Remedy:      "leave forceDestroy out",
	Check:       rule.That("forceDestroy", rule.IsNotTrue),
	Fix:         []rule.Fix{{Property: "forceDestroy", Value: false}},
}.On("aws:s3/bucketV2:BucketV2", rule.Properties{"bucket": "files", "forceDestroy": false}, "forceDestroy", true))
