package exposure

import (
	"slices"

	"github.com/tandem-platform/tandem/policy/rule"
)

// publicACLs are the canned ACLs that grant something to everyone, or to every
// AWS account (S3 user guide, canned ACL).
var publicACLs = []string{"public-read", "public-read-write", "authenticated-read"}

var _ = rules.Add(rule.Rule{
	ID:          "s3-acl-not-public",
	Title:       "No S3 bucket or object has a public canned ACL.",
	Severity:    rule.Critical,
	Description: "A public ACL lets anyone list or read the bucket. An authenticated one lets in anyone who has an AWS account.",
	Remedy:      "remove acl; objects of a bucket whose owner is enforced need none",
	Types: []string{
		"aws:s3/bucketV2:BucketV2", "aws:s3/bucket:Bucket", "aws:s3/bucketAclV2:BucketAclV2", "aws:s3/bucketAcl:BucketAcl",
		"aws:s3/bucketObjectv2:BucketObjectv2", "aws:s3/bucketObject:BucketObject",
	},
	Check: func(r rule.Resource) []rule.Finding {
		acl := r.At("acl")
		if text, _ := acl.Text(); slices.Contains(publicACLs, text) {
			return []rule.Finding{acl.Finding("")}
		}
		return nil
	},
	Good: []rule.Example{
		{{Type: "aws:s3/bucketAclV2:BucketAclV2", Name: "files", Properties: map[string]any{"bucket": "files", "acl": "private"}}},
		{{Type: "aws:s3/bucketV2:BucketV2", Name: "files", Properties: map[string]any{"bucket": "files"}}},
	},
	Bad: []rule.Example{
		{{Type: "aws:s3/bucketAclV2:BucketAclV2", Name: "files", Properties: map[string]any{"bucket": "files", "acl": "public-read"}}},
		{{Type: "aws:s3/bucketAclV2:BucketAclV2", Name: "files", Properties: map[string]any{"bucket": "files", "acl": "authenticated-read"}}},
		{{Type: "aws:s3/bucketV2:BucketV2", Name: "files", Properties: map[string]any{"bucket": "files", "acl": "public-read-write"}}},
	},
})
