package exposure

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "s3-access-point-block-complete",
	Title:       "Public access blocks of S3 access points block all public access.",
	Severity:    rule.High,
	Description: "An access point has a policy and a block of its own, and its block can never be changed.",
	Remedy:      "leave it out: the default is true",
	Check:       rule.All(rule.That("publicAccessBlockConfiguration.blockPublicAcls", rule.IsNotFalse), rule.That("publicAccessBlockConfiguration.blockPublicPolicy", rule.IsNotFalse), rule.That("publicAccessBlockConfiguration.ignorePublicAcls", rule.IsNotFalse), rule.That("publicAccessBlockConfiguration.restrictPublicBuckets", rule.IsNotFalse)),
	Fix:         []rule.Fix{{Property: "publicAccessBlockConfiguration.blockPublicAcls", Value: true}, {Property: "publicAccessBlockConfiguration.blockPublicPolicy", Value: true}, {Property: "publicAccessBlockConfiguration.ignorePublicAcls", Value: true}, {Property: "publicAccessBlockConfiguration.restrictPublicBuckets", Value: true}},
}.
	On("aws:s3/accessPoint:AccessPoint", rule.Properties{
		"bucket":                         "files",
		"publicAccessBlockConfiguration": map[string]any{"blockPublicAcls": true, "blockPublicPolicy": true, "ignorePublicAcls": true, "restrictPublicBuckets": true},
	}, "publicAccessBlockConfiguration.blockPublicAcls", false).
	On("aws:s3/accessPoint:AccessPoint", rule.Properties{
		"bucket":                         "files",
		"publicAccessBlockConfiguration": map[string]any{"blockPublicAcls": true, "blockPublicPolicy": true, "ignorePublicAcls": true, "restrictPublicBuckets": true},
	}, "publicAccessBlockConfiguration.blockPublicPolicy", false).
	On("aws:s3/accessPoint:AccessPoint", rule.Properties{
		"bucket":                         "files",
		"publicAccessBlockConfiguration": map[string]any{"blockPublicAcls": true, "blockPublicPolicy": true, "ignorePublicAcls": true, "restrictPublicBuckets": true},
	}, "publicAccessBlockConfiguration.ignorePublicAcls", false).
	On("aws:s3/accessPoint:AccessPoint", rule.Properties{
		"bucket":                         "files",
		"publicAccessBlockConfiguration": map[string]any{"blockPublicAcls": true, "blockPublicPolicy": true, "ignorePublicAcls": true, "restrictPublicBuckets": true},
	}, "publicAccessBlockConfiguration.restrictPublicBuckets", false))
