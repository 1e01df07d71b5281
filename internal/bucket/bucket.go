// Package bucket makes private S3 buckets for components that need one beside
// their subject.
package bucket

import (
	"maps"
	"slices"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/s3"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/tandem-platform/tandem/internal/iampolicy"
)

// Args say how one bucket differs from another.
type Args struct {
	// KeyARN is the KMS key that encrypts the objects. Nil encrypts them under S3's
	// own keys, which every reader can use, anonymous ones too.
	KeyARN pulumi.StringInput
	// Statements are added to the bucket's policy; those without a Resource are
	// about all objects.
	Statements []iampolicy.Statement
	// ExpireDays is for how many days objects are kept, by the prefix that they are
	// below. Others are kept for ever.
	ExpireDays map[string]int
	// NoncurrentDays is how long overwritten and deleted objects are kept. Required.
	NoncurrentDays int
	// AllowDestroy empties the bucket when it is destroyed.
	AllowDestroy bool
}

// Bucket is a bucket. Its outputs are known once it is closed to the public.
type Bucket struct {
	// Name is the bucket's name, ARN its ARN.
	Name, ARN pulumi.StringOutput
	// DomainName is the bucket's host in its own region.
	DomainName pulumi.StringOutput
}

// New makes a versioned, encrypted bucket that is its owner's alone and reached
// only through TLS. The children of one bucket share its name; opts are on all
// of them.
func New(ctx *pulumi.Context, name string, args Args, opts ...pulumi.ResourceOption) (*Bucket, error) {
	bucket, err := s3.NewBucketV2(ctx, name, &s3.BucketV2Args{
		ForceDestroy: pulumi.Bool(args.AllowDestroy),
		Tags:         pulumi.StringMap{"Name": pulumi.String(name)},
	}, opts...)
	if err != nil {
		return nil, err
	}
	versioning, err := s3.NewBucketVersioningV2(ctx, name, &s3.BucketVersioningV2Args{
		Bucket:                  bucket.ID(),
		VersioningConfiguration: &s3.BucketVersioningV2VersioningConfigurationArgs{Status: pulumi.String("Enabled")},
	}, opts...)
	if err != nil {
		return nil, err
	}
	encryption := &s3.BucketServerSideEncryptionConfigurationV2RuleApplyServerSideEncryptionByDefaultArgs{SseAlgorithm: pulumi.String("AES256")}
	if args.KeyARN != nil {
		encryption.SseAlgorithm = pulumi.String("aws:kms")
		encryption.KmsMasterKeyId = args.KeyARN.ToStringOutput().ToStringPtrOutput()
	}
	if _, err := s3.NewBucketServerSideEncryptionConfigurationV2(ctx, name, &s3.BucketServerSideEncryptionConfigurationV2Args{
		Bucket: bucket.ID(),
		Rules: s3.BucketServerSideEncryptionConfigurationV2RuleArray{&s3.BucketServerSideEncryptionConfigurationV2RuleArgs{
			ApplyServerSideEncryptionByDefault: encryption,
			BucketKeyEnabled:                   pulumi.Bool(args.KeyARN != nil),
		}},
	}, opts...); err != nil {
		return nil, err
	}
	if _, err := s3.NewBucketLifecycleConfigurationV2(ctx, name, &s3.BucketLifecycleConfigurationV2Args{
		Bucket: versioning.Bucket,
		Rules:  lifecycle(args),
	}, opts...); err != nil {
		return nil, err
	}
	policy, err := closeBucket(ctx, name, bucket, args.Statements, opts)
	if err != nil {
		return nil, err
	}
	return &Bucket{
		Name:       policy.Bucket,
		ARN:        pulumi.Sprintf("arn:aws:s3:::%s", policy.Bucket),
		DomainName: bucket.BucketRegionalDomainName,
	}, nil
}

func lifecycle(args Args) s3.BucketLifecycleConfigurationV2RuleArray {
	rules := s3.BucketLifecycleConfigurationV2RuleArray{&s3.BucketLifecycleConfigurationV2RuleArgs{
		Id:     pulumi.String("old-versions"),
		Status: pulumi.String("Enabled"),
		Filter: &s3.BucketLifecycleConfigurationV2RuleFilterArgs{Prefix: pulumi.String("")},
		NoncurrentVersionExpiration: &s3.BucketLifecycleConfigurationV2RuleNoncurrentVersionExpirationArgs{
			NoncurrentDays: pulumi.Int(args.NoncurrentDays),
		},
		AbortIncompleteMultipartUpload: &s3.BucketLifecycleConfigurationV2RuleAbortIncompleteMultipartUploadArgs{
			DaysAfterInitiation: pulumi.Int(7),
		},
	}}
	for _, prefix := range slices.Sorted(maps.Keys(args.ExpireDays)) {
		rules = append(rules, &s3.BucketLifecycleConfigurationV2RuleArgs{
			Id:         pulumi.String(prefix),
			Status:     pulumi.String("Enabled"),
			Filter:     &s3.BucketLifecycleConfigurationV2RuleFilterArgs{Prefix: pulumi.String(prefix)},
			Expiration: &s3.BucketLifecycleConfigurationV2RuleExpirationArgs{Days: pulumi.Int(args.ExpireDays[prefix])},
		})
	}
	return rules
}

func closeBucket(ctx *pulumi.Context, name string, bucket *s3.BucketV2, more []iampolicy.Statement, opts []pulumi.ResourceOption) (*s3.BucketPolicy, error) {
	block, err := s3.NewBucketPublicAccessBlock(ctx, name, &s3.BucketPublicAccessBlockArgs{
		Bucket:                bucket.ID(),
		BlockPublicAcls:       pulumi.Bool(true),
		BlockPublicPolicy:     pulumi.Bool(true),
		IgnorePublicAcls:      pulumi.Bool(true),
		RestrictPublicBuckets: pulumi.Bool(true),
	}, opts...)
	if err != nil {
		return nil, err
	}
	if _, err := s3.NewBucketOwnershipControls(ctx, name, &s3.BucketOwnershipControlsArgs{
		Bucket: bucket.ID(),
		Rule:   &s3.BucketOwnershipControlsRuleArgs{ObjectOwnership: pulumi.String("BucketOwnerEnforced")},
	}, opts...); err != nil {
		return nil, err
	}
	objects := pulumi.Sprintf("%s/*", bucket.Arn)
	statements := []iampolicy.Statement{{
		Sid:       "TLSOnly",
		Effect:    "Deny",
		Principal: "*",
		Action:    []string{"s3:*"},
		Resource:  []any{bucket.Arn, objects},
		Condition: map[string]any{"Bool": map[string]any{"aws:SecureTransport": "false"}},
	}}
	for _, s := range more {
		if s.Resource == nil {
			s.Resource = objects
		}
		statements = append(statements, s)
	}
	// S3 refuses changes of a bucket's policy and its public access block at once.
	return s3.NewBucketPolicy(ctx, name, &s3.BucketPolicyArgs{
		Bucket: bucket.ID(),
		Policy: iampolicy.JSON(statements...),
	}, append(opts[:len(opts):len(opts)], pulumi.DependsOn([]pulumi.Resource{block}))...)
}
