// Package bucket makes private S3 buckets for components.
package bucket

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/s3"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/tandem-platform/tandem/internal/iampolicy"
)

// Args are the arguments of [New].
type Args struct {
	// KMSKeyARN is the KMS key that objects are encrypted with. Nil means S3's own
	// keys, which every reader can use, anonymous ones too, and which are all that
	// some services write with.
	KMSKeyARN pulumi.StringInput
	// Versioned keeps what is overwritten and deleted; replication and locked
	// objects need it. Default false.
	Versioned bool
	// Lockable lets objects be locked, which only a new bucket can be made for.
	// Default false.
	Lockable bool
	// Lifecycle says when objects go or move to a cheaper class. Required; see
	// [Expire] and [ExpireVersions].
	Lifecycle s3.BucketLifecycleConfigurationV2RuleArray
	// Statements are added to the bucket's policy; they get the ARNs of the bucket
	// and of its objects. Nil adds none.
	Statements func(bucket, objects pulumi.StringOutput) []iampolicy.Statement
	// AllowDestroy empties the bucket when it is destroyed. Default false: AWS
	// refuses to destroy a bucket that holds something.
	AllowDestroy bool
	// Options are on the bucket itself and not on its parts, such as
	// [pulumi.RetainOnDelete].
	Options []pulumi.ResourceOption
}

// Bucket is a bucket. Name and ARN are known once it is versioned, if it is to be,
// and closed to the public, so that whoever writes to it or replicates it comes after.
type Bucket struct {
	// Name is the bucket's name, ARN its ARN.
	Name, ARN pulumi.StringOutput
	// DomainName is the bucket's host in its own region.
	DomainName pulumi.StringOutput
}

// New makes an encrypted bucket that is its owner's alone and reached only
// through TLS. All parts of it have the name given, and opts.
func New(ctx *pulumi.Context, name string, args Args, opts ...pulumi.ResourceOption) (*Bucket, error) {
	bucket, err := s3.NewBucketV2(ctx, name, &s3.BucketV2Args{
		ObjectLockEnabled: pulumi.Bool(args.Lockable),
		ForceDestroy:      pulumi.Bool(args.AllowDestroy),
		Tags:              pulumi.StringMap{"Name": pulumi.String(name)},
	}, pulumi.Composite(opts...), pulumi.Composite(args.Options...))
	if err != nil {
		return nil, err
	}
	id := bucket.ID().ToStringOutput()
	parts := []pulumi.Resource{}
	if args.Versioned {
		versioning, err := s3.NewBucketVersioningV2(ctx, name, &s3.BucketVersioningV2Args{
			Bucket:                  id,
			VersioningConfiguration: &s3.BucketVersioningV2VersioningConfigurationArgs{Status: pulumi.String("Enabled")},
		}, opts...)
		if err != nil {
			return nil, err
		}
		id = versioning.Bucket
		parts = append(parts, versioning)
	}
	encryption := &s3.BucketServerSideEncryptionConfigurationV2RuleApplyServerSideEncryptionByDefaultArgs{SseAlgorithm: pulumi.String("AES256")}
	if args.KMSKeyARN != nil {
		encryption.SseAlgorithm = pulumi.String("aws:kms")
		encryption.KmsMasterKeyId = args.KMSKeyARN.ToStringOutput().ToStringPtrOutput()
	}
	if _, err := s3.NewBucketServerSideEncryptionConfigurationV2(ctx, name, &s3.BucketServerSideEncryptionConfigurationV2Args{
		Bucket: bucket.ID(),
		Rules: s3.BucketServerSideEncryptionConfigurationV2RuleArray{&s3.BucketServerSideEncryptionConfigurationV2RuleArgs{
			ApplyServerSideEncryptionByDefault: encryption,
			BucketKeyEnabled:                   pulumi.Bool(args.KMSKeyARN != nil),
		}},
	}, opts...); err != nil {
		return nil, err
	}
	// By way of versioning: a rule for versions is about something only then.
	if _, err := s3.NewBucketLifecycleConfigurationV2(ctx, name, &s3.BucketLifecycleConfigurationV2Args{
		Bucket: id,
		Rules:  args.Lifecycle,
	}, opts...); err != nil {
		return nil, err
	}
	policy, err := closed(ctx, name, bucket, args.Statements, append(parts, bucket), opts)
	if err != nil {
		return nil, err
	}
	return &Bucket{
		Name:       policy.Bucket,
		ARN:        pulumi.Sprintf("arn:aws:s3:::%s", policy.Bucket),
		DomainName: bucket.BucketRegionalDomainName,
	}, nil
}

// closed closes a bucket to the public and to other owners, and returns its
// policy, which comes after the parts given.
func closed(
	ctx *pulumi.Context, name string, bucket *s3.BucketV2, more func(bucket, objects pulumi.StringOutput) []iampolicy.Statement,
	after []pulumi.Resource, opts []pulumi.ResourceOption,
) (*s3.BucketPolicy, error) {
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
	if more != nil {
		statements = append(statements, more(bucket.Arn, objects)...)
	}
	// S3 refuses changes of a bucket's policy and its public access block at once.
	return s3.NewBucketPolicy(ctx, name, &s3.BucketPolicyArgs{
		Bucket: bucket.ID(),
		Policy: iampolicy.JSON(statements...),
	}, pulumi.Composite(opts...), pulumi.DependsOn(append(after, block)))
}
