package exposure

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "s3-account-block-complete",
	Title:       "The public access block of an account blocks all public access to S3.",
	Severity:    rule.High,
	Description: "It holds for every bucket of the account, those that no program of yours makes included.",
	Remedy:      "set it to true",
	Check:       rule.All(rule.That("blockPublicAcls", rule.IsTrue), rule.That("blockPublicPolicy", rule.IsTrue), rule.That("ignorePublicAcls", rule.IsTrue), rule.That("restrictPublicBuckets", rule.IsTrue)),
	Fix:         []rule.Fix{{Property: "blockPublicAcls", Value: true}, {Property: "blockPublicPolicy", Value: true}, {Property: "ignorePublicAcls", Value: true}, {Property: "restrictPublicBuckets", Value: true}},
}.
	On("aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock", rule.Properties{
		"blockPublicAcls":       true,
		"blockPublicPolicy":     true,
		"ignorePublicAcls":      true,
		"restrictPublicBuckets": true,
	}, "blockPublicAcls", false, rule.Missing).
	On("aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock", rule.Properties{
		"blockPublicAcls":       true,
		"blockPublicPolicy":     true,
		"ignorePublicAcls":      true,
		"restrictPublicBuckets": true,
	}, "blockPublicPolicy", false, rule.Missing).
	On("aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock", rule.Properties{
		"blockPublicAcls":       true,
		"blockPublicPolicy":     true,
		"ignorePublicAcls":      true,
		"restrictPublicBuckets": true,
	}, "ignorePublicAcls", false, rule.Missing).
	On("aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock", rule.Properties{
		"blockPublicAcls":       true,
		"blockPublicPolicy":     true,
		"ignorePublicAcls":      true,
		"restrictPublicBuckets": true,
	}, "restrictPublicBuckets", false, rule.Missing))
