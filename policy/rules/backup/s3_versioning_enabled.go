package backup

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "s3-versioning-enabled",
	Title:       "Versioning of S3 buckets is on.",
	Severity:    rule.High,
	Description: "With versions, a file that is overwritten or deleted is still there. Replication needs them.",
	Remedy:      "set versioningConfiguration.status to Enabled",
	Check:       rule.That("versioningConfiguration.status", rule.IsOneOf("Enabled")),
	Fix:         []rule.Fix{{Property: "versioningConfiguration.status", Value: "Enabled"}},
}.On("aws:s3/bucketVersioningV2:BucketVersioningV2", rule.Properties{"bucket": "files", "versioningConfiguration": map[string]any{"status": "Enabled"}}, "versioningConfiguration.status", "Suspended", "Disabled"))
