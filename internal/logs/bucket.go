// Package logs makes what logs of AWS services are kept in: buckets and keys that
// one service alone writes with.
package logs

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/s3"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/tandem-platform/tandem/internal/iampolicy"
)

// BucketArgs are the arguments of [NewBucket].
type BucketArgs struct {
	// KMSKeyARN is the key that objects are encrypted with. Nil means S3's own, which
	// is all that some services write with.
	KMSKeyARN pulumi.StringInput
	// RetentionDays is when objects go. Required.
	RetentionDays int
	// Writers let services write, on the bucket's ARN or that of its objects. Required.
	Writers func(bucket, objects pulumi.StringOutput) []iampolicy.Statement
	// AllowDestroy has the bucket go with what is in it. Default false: it stays in
	// AWS when it leaves the program.
	AllowDestroy bool
}

// NewBucket makes a private, encrypted bucket that takes TLS alone, all of whose
// parts are named name. It returns the bucket's name by way of its policy, without
// which services refuse to write.
func NewBucket(ctx *pulumi.Context, name string, args BucketArgs, opts ...pulumi.ResourceOption) (pulumi.StringOutput, error) {
	none := pulumi.StringOutput{}
	bucket, err := s3.NewBucketV2(ctx, name, &s3.BucketV2Args{
		ForceDestroy: pulumi.Bool(args.AllowDestroy), Tags: pulumi.StringMap{"Name": pulumi.String(name)},
	}, append(opts, pulumi.RetainOnDelete(!args.AllowDestroy))...)
	if err != nil {
		return none, err
	}
	block, err := s3.NewBucketPublicAccessBlock(ctx, name, &s3.BucketPublicAccessBlockArgs{
		Bucket:                bucket.ID(),
		BlockPublicAcls:       pulumi.Bool(true),
		BlockPublicPolicy:     pulumi.Bool(true),
		IgnorePublicAcls:      pulumi.Bool(true),
		RestrictPublicBuckets: pulumi.Bool(true),
	}, opts...)
	if err != nil {
		return none, err
	}
	if _, err := s3.NewBucketOwnershipControls(ctx, name, &s3.BucketOwnershipControlsArgs{
		Bucket: bucket.ID(),
		Rule:   &s3.BucketOwnershipControlsRuleArgs{ObjectOwnership: pulumi.String("BucketOwnerEnforced")},
	}, opts...); err != nil {
		return none, err
	}
	encryption := &s3.BucketServerSideEncryptionConfigurationV2RuleApplyServerSideEncryptionByDefaultArgs{SseAlgorithm: pulumi.String("AES256")}
	if args.KMSKeyARN != nil {
		encryption.SseAlgorithm, encryption.KmsMasterKeyId = pulumi.String("aws:kms"), args.KMSKeyARN.ToStringOutput().ToStringPtrOutput()
	}
	if _, err := s3.NewBucketServerSideEncryptionConfigurationV2(ctx, name, &s3.BucketServerSideEncryptionConfigurationV2Args{
		Bucket: bucket.ID(),
		Rules: s3.BucketServerSideEncryptionConfigurationV2RuleArray{&s3.BucketServerSideEncryptionConfigurationV2RuleArgs{
			ApplyServerSideEncryptionByDefault: encryption,
			BucketKeyEnabled:                   pulumi.Bool(args.KMSKeyARN != nil),
		}},
	}, opts...); err != nil {
		return none, err
	}
	if _, err := s3.NewBucketLifecycleConfigurationV2(ctx, name, &s3.BucketLifecycleConfigurationV2Args{
		Bucket: bucket.ID(),
		Rules: s3.BucketLifecycleConfigurationV2RuleArray{&s3.BucketLifecycleConfigurationV2RuleArgs{
			Id:         pulumi.String("retention"),
			Status:     pulumi.String("Enabled"),
			Filter:     &s3.BucketLifecycleConfigurationV2RuleFilterArgs{Prefix: pulumi.String("")},
			Expiration: &s3.BucketLifecycleConfigurationV2RuleExpirationArgs{Days: pulumi.Int(args.RetentionDays)},
		}},
	}, opts...); err != nil {
		return none, err
	}
	objects := pulumi.Sprintf("%s/*", bucket.Arn)
	statements := append([]iampolicy.Statement{{
		Sid: "TLSOnly", Effect: "Deny", Principal: "*", Action: []string{"s3:*"}, Resource: []any{bucket.Arn, objects},
		Condition: map[string]any{"Bool": map[string]any{"aws:SecureTransport": "false"}},
	}}, args.Writers(bucket.Arn, objects)...)
	// S3 refuses changes of a bucket's policy and its public access block at once.
	policy, err := s3.NewBucketPolicy(ctx, name, &s3.BucketPolicyArgs{
		Bucket: bucket.ID(), Policy: iampolicy.JSON(statements...),
	}, append(opts, pulumi.DependsOn([]pulumi.Resource{block}))...)
	if err != nil {
		return none, err
	}
	return policy.Bucket, nil
}
