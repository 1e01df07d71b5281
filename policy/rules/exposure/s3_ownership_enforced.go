package exposure

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "s3-ownership-enforced",
	Title:       "S3 buckets have no ACLs.",
	Severity:    rule.Medium,
	Description: "With ACLs off, the bucket's policy alone says who may do what, and every object is the owner's.",
	Remedy:      "set rule.objectOwnership to BucketOwnerEnforced",
	Check:       rule.That("rule.objectOwnership", rule.IsOneOf("BucketOwnerEnforced")),
}.On("aws:s3/bucketOwnershipControls:BucketOwnershipControls", rule.Properties{
	"bucket": "files",
	"rule":   map[string]any{"objectOwnership": "BucketOwnerEnforced"},
}, "rule.objectOwnership", "BucketOwnerPreferred", "ObjectWriter"))
