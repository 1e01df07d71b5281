package exposure

import (
	"github.com/tandem-platform/tandem/policy/rule"
	"github.com/tandem-platform/tandem/policy/rules/internal/buckets"
)

const accessBlock = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"

var _ = rules.Add(rule.Rule{
	ID:       "s3-public-access-block-present",
	Title:    "Every S3 bucket has a public access block.",
	Severity: rule.High,
	Description: "A public access block overrules whatever a policy or an ACL grants to the public, now and after later " +
		"changes. New buckets have one by default, which nothing in the program keeps in place.",
	Remedy: "add a BucketPublicAccessBlock for the bucket",
	Types:  buckets.Types,
	CheckInStack: func(bucket rule.Resource, stack *rule.Stack) []rule.Finding {
		if !buckets.Lacks(stack, bucket, accessBlock) {
			return nil
		}
		return []rule.Finding{{Property: "publicAccessBlock", Value: "missing"}}
	},
	Good: []rule.Example{{
		{Type: "aws:s3/bucketV2:BucketV2", Name: "files", Properties: map[string]any{"bucket": "downloads"}},
		{Type: accessBlock, Name: "files-block", Properties: map[string]any{"bucket": rule.Ref{Resource: "files", Property: "id"}}},
	}, {
		{Type: "aws:s3/bucketV2:BucketV2", Name: "files", Properties: map[string]any{"bucket": "downloads"}},
		{Type: accessBlock, Name: "files-block", Properties: map[string]any{"bucket": rule.Ref{Resource: "files", Property: "id"}}},
		{Type: "aws:s3/bucketV2:BucketV2", Name: "logs"},
		{Type: accessBlock, Name: "logs-block", Properties: map[string]any{"bucket": rule.Ref{Resource: "logs", Property: "id"}}},
	}},
	Bad: []rule.Example{
		{
			{Type: "aws:s3/bucketV2:BucketV2", Name: "files", Properties: map[string]any{"bucket": "downloads"}},
		},
		// The block of another bucket does not count.
		{
			{Type: "aws:s3/bucketV2:BucketV2", Name: "files", Properties: map[string]any{"bucket": "downloads"}},
			{Type: "aws:s3/bucketV2:BucketV2", Name: "logs"},
			{Type: accessBlock, Name: "logs-block", Properties: map[string]any{"bucket": rule.Ref{Resource: "logs", Property: "id"}}},
		},
	},
})
