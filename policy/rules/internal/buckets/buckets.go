// Package buckets finds what belongs to an S3 bucket in a stack.
package buckets

import "github.com/tandem-platform/tandem/policy/rule"

// Types are the tokens of buckets. Which one it is depends on the version of the
// AWS provider.
var Types = []string{"aws:s3/bucketV2:BucketV2", "aws:s3/bucket:Bucket"}

// Lacks reports whether a bucket certainly has no companion of any of the types
// in its stack. Companions name their bucket in the property bucket.
func Lacks(stack *rule.Stack, bucket rule.Resource, types ...string) bool {
	// The id is the name again, but in a preview it is not there.
	names := []string{"bucket", "id"}
	if _, known := bucket.At("bucket").Text(); known {
		names = names[:1]
	}
	return !stack.MayName(bucket, "bucket", names, types...)
}
