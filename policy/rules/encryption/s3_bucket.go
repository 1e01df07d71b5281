package encryption

import (
	"github.com/tandem-platform/tandem/policy/rule"
	"github.com/tandem-platform/tandem/policy/rules/internal/buckets"
)

var _ = rules.Add(rule.Rule{
	ID:       "s3-bucket-encryption-configured",
	Title:    "Every S3 bucket has an encryption configuration.",
	Severity: rule.Medium,
	Description: "S3 encrypts every new object, but without a configuration with a key that AWS owns. Which key protects " +
		"a bucket is a decision to write down.",
	Remedy: "add a BucketServerSideEncryptionConfigurationV2 for the bucket",
	Types:  buckets.Types,
	CheckInStack: func(bucket rule.Resource, stack *rule.Stack) []rule.Finding {
		// The older type can hold its configuration itself.
		inline := bucket.At("serverSideEncryptionConfiguration")
		if bucket.Type == "aws:s3/bucket:Bucket" && !inline.Empty() {
			return nil
		}
		if !buckets.Lacks(stack, bucket,
			"aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2",
			"aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration") {
			return nil
		}
		return []rule.Finding{{Property: inline.Path(), Value: "missing"}}
	},
	Good: []rule.Example{
		{
			{Type: "aws:s3/bucketV2:BucketV2", Name: "files"},
			{Type: "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2", Name: "files-encryption", Properties: map[string]any{
				"bucket": rule.Ref{Resource: "files", Property: "id"},
				"rules":  []any{map[string]any{"applyServerSideEncryptionByDefault": map[string]any{"sseAlgorithm": "aws:kms"}}},
			}},
		},
		// The name may come by way of another companion.
		{
			{Type: "aws:s3/bucketV2:BucketV2", Name: "files"},
			{Type: "aws:s3/bucketVersioningV2:BucketVersioningV2", Name: "files-versioning", Properties: map[string]any{"bucket": rule.Ref{Resource: "files", Property: "id"}}},
			{Type: "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2", Name: "files-encryption", Properties: map[string]any{
				"bucket": rule.Ref{Resource: "files-versioning", Property: "bucket"},
			}},
		},
	},
	Bad: []rule.Example{
		{{Type: "aws:s3/bucketV2:BucketV2", Name: "files"}},
	},
})
