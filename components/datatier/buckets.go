package datatier

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/s3"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/tandem-platform/tandem/internal/iampolicy"
)

const (
	// infrequentDays and archiveDays are when a backup moves to a cheaper class. 30
	// days are the least that S3 allows before infrequent access.
	infrequentDays = 30
	archiveDays    = 90
)

// bucketSpec is how one bucket differs from another.
type bucketSpec struct {
	suffix   string
	in       pulumi.ResourceOption // the parent and, abroad, the provider
	key      pulumi.StringInput    // ARN of the key that encrypts it
	lockable bool                  // objects can be locked, which only a new bucket can be made for
	lockDays int                   // how long new objects are; -1 for not at all
	rules    s3.BucketLifecycleConfigurationV2RuleArray
	readers  []iampolicy.Statement // who else may read, without their Resource
}

// makeBuckets makes this region's buckets. Home makes the static site's bucket
// in every region, because its CDN reads them all; a standby joins the others.
func (b *builder) makeBuckets() (err error) {
	d := b.tier
	if d.Files, err = b.makeBucket(bucketSpec{suffix: "files", in: b.in, key: b.dataKeyARN, rules: b.keepVersions()}); err != nil {
		return err
	}
	if d.Backups, err = b.makeBucket(bucketSpec{
		suffix: "backups", in: b.in, key: b.dataKeyARN, lockable: true, lockDays: b.args.Buckets.BackupLockDays, rules: b.ageBackups(),
	}); err != nil {
		return err
	}
	if b.home() {
		return b.makeStaticBuckets()
	}
	name := b.args.Home.StaticBucketName
	d.Static = Bucket{
		Name:       name.ToStringOutput(),
		ARN:        bucketARN(name),
		DomainName: pulumi.Sprintf("%s.s3.%s.amazonaws.com", name, b.args.Region),
	}
	return b.replicateWithHome()
}

// bucketARN is the ARN of a bucket, which its name tells.
func bucketARN(name pulumi.StringInput) pulumi.StringOutput {
	return pulumi.Sprintf("arn:aws:s3:::%s", name)
}

func (b *builder) makeStaticBuckets() (err error) {
	d := b.tier
	spec := bucketSpec{
		suffix: "static",
		in:     b.in,
		key:    b.staticKey.Arn,
		rules:  b.keepVersions(),
		readers: []iampolicy.Statement{{
			Sid:       "CloudFront",
			Principal: map[string]any{"Service": "cloudfront.amazonaws.com"},
			Action:    []string{"s3:GetObject"},
			Condition: b.fromDistribution(),
		}},
	}
	if d.Static, err = b.makeBucket(spec); err != nil {
		return err
	}
	here := end{in: b.in, bucket: d.Static, key: b.staticKey.Arn, region: b.args.Region}
	d.StandbyStatic = map[string]Bucket{}
	var there []end
	for _, s := range b.args.Standbys {
		in := b.abroad(s.Provider)
		key, err := b.replicaKey("static-key-"+s.Region, b.staticKey.Arn, b.staticKeyPolicy(), in)
		if err != nil {
			return err
		}
		spec.suffix, spec.in, spec.key = "static-"+s.Region, in, key.Arn
		bucket, err := b.makeBucket(spec)
		if err != nil {
			return err
		}
		d.StandbyStatic[s.Region] = bucket
		there = append(there, end{in: in, bucket: bucket, key: key.Arn, region: s.Region})
	}
	if len(there) == 0 {
		return nil
	}
	if err := b.replicate("replication", link{"static", here, there}); err != nil {
		return err
	}
	for _, from := range there {
		if err := b.replicate("replication-"+from.region, link{"static-" + from.region, from, []end{here}}); err != nil {
			return err
		}
	}
	return nil
}

// keepVersions lets go of old versions and of uploads that were never finished.
func (b *builder) keepVersions() s3.BucketLifecycleConfigurationV2RuleArray {
	return s3.BucketLifecycleConfigurationV2RuleArray{b.versionsRule()}
}

func (b *builder) versionsRule() *s3.BucketLifecycleConfigurationV2RuleArgs {
	return &s3.BucketLifecycleConfigurationV2RuleArgs{
		Id:     pulumi.String("old-versions"),
		Status: pulumi.String("Enabled"),
		Filter: &s3.BucketLifecycleConfigurationV2RuleFilterArgs{Prefix: pulumi.String("")},
		Expiration: &s3.BucketLifecycleConfigurationV2RuleExpirationArgs{
			ExpiredObjectDeleteMarker: pulumi.Bool(true), // of an object with no version left
		},
		NoncurrentVersionExpiration: &s3.BucketLifecycleConfigurationV2RuleNoncurrentVersionExpirationArgs{
			NoncurrentDays: pulumi.Int(b.args.Buckets.NoncurrentDays),
		},
		AbortIncompleteMultipartUpload: &s3.BucketLifecycleConfigurationV2RuleAbortIncompleteMultipartUploadArgs{
			DaysAfterInitiation: pulumi.Int(7),
		},
	}
}

// ageBackups makes backups cheaper as they age, and removes them in the end.
func (b *builder) ageBackups() s3.BucketLifecycleConfigurationV2RuleArray {
	return s3.BucketLifecycleConfigurationV2RuleArray{b.versionsRule(), &s3.BucketLifecycleConfigurationV2RuleArgs{
		Id:     pulumi.String("age"),
		Status: pulumi.String("Enabled"),
		Filter: &s3.BucketLifecycleConfigurationV2RuleFilterArgs{Prefix: pulumi.String("")},
		Transitions: s3.BucketLifecycleConfigurationV2RuleTransitionArray{
			&s3.BucketLifecycleConfigurationV2RuleTransitionArgs{Days: pulumi.Int(infrequentDays), StorageClass: pulumi.String("STANDARD_IA")},
			&s3.BucketLifecycleConfigurationV2RuleTransitionArgs{Days: pulumi.Int(archiveDays), StorageClass: pulumi.String("GLACIER_IR")},
		},
		Expiration: &s3.BucketLifecycleConfigurationV2RuleExpirationArgs{Days: pulumi.Int(b.args.Buckets.BackupExpiryDays)},
	}}
}

// makeBucket makes a bucket and everything that makes it safe to use.
func (b *builder) makeBucket(spec bucketSpec) (Bucket, error) {
	none := Bucket{}
	name := b.name + "-" + spec.suffix
	bucket, err := s3.NewBucketV2(b.ctx, name, &s3.BucketV2Args{
		ObjectLockEnabled: pulumi.Bool(spec.lockable),
		ForceDestroy:      pulumi.Bool(b.args.AllowDestroy),
		Tags:              tags(name),
	}, spec.in, b.keep)
	if err != nil {
		return none, err
	}
	versioning, err := s3.NewBucketVersioningV2(b.ctx, name, &s3.BucketVersioningV2Args{
		Bucket:                  bucket.ID(),
		VersioningConfiguration: &s3.BucketVersioningV2VersioningConfigurationArgs{Status: pulumi.String("Enabled")},
	}, spec.in)
	if err != nil {
		return none, err
	}
	if _, err := s3.NewBucketServerSideEncryptionConfigurationV2(b.ctx, name, &s3.BucketServerSideEncryptionConfigurationV2Args{
		Bucket: bucket.ID(),
		Rules: s3.BucketServerSideEncryptionConfigurationV2RuleArray{&s3.BucketServerSideEncryptionConfigurationV2RuleArgs{
			ApplyServerSideEncryptionByDefault: &s3.BucketServerSideEncryptionConfigurationV2RuleApplyServerSideEncryptionByDefaultArgs{
				SseAlgorithm:   pulumi.String("aws:kms"),
				KmsMasterKeyId: spec.key,
			},
			BucketKeyEnabled: pulumi.Bool(true),
		}},
	}, spec.in); err != nil {
		return none, err
	}
	if err := b.closeBucket(name, bucket, spec); err != nil {
		return none, err
	}
	if _, err := s3.NewBucketLifecycleConfigurationV2(b.ctx, name, &s3.BucketLifecycleConfigurationV2Args{
		Bucket: versioning.Bucket,
		Rules:  spec.rules,
	}, spec.in); err != nil {
		return none, err
	}
	if spec.lockDays > 0 {
		if _, err := s3.NewBucketObjectLockConfigurationV2(b.ctx, name, &s3.BucketObjectLockConfigurationV2Args{
			Bucket: versioning.Bucket,
			Rule: &s3.BucketObjectLockConfigurationV2RuleArgs{DefaultRetention: &s3.BucketObjectLockConfigurationV2RuleDefaultRetentionArgs{
				Mode: pulumi.String("GOVERNANCE"),
				Days: pulumi.Int(spec.lockDays),
			}},
		}, spec.in); err != nil {
			return none, err
		}
	}
	// The name by way of its versioning, which replication needs at both ends.
	return Bucket{Name: versioning.Bucket, ARN: bucketARN(versioning.Bucket), DomainName: bucket.BucketRegionalDomainName}, nil
}

// closeBucket keeps a bucket private, its owner's alone and reached only
// through TLS.
func (b *builder) closeBucket(name string, bucket *s3.BucketV2, spec bucketSpec) error {
	block, err := s3.NewBucketPublicAccessBlock(b.ctx, name, &s3.BucketPublicAccessBlockArgs{
		Bucket:                bucket.ID(),
		BlockPublicAcls:       pulumi.Bool(true),
		BlockPublicPolicy:     pulumi.Bool(true),
		IgnorePublicAcls:      pulumi.Bool(true),
		RestrictPublicBuckets: pulumi.Bool(true),
	}, spec.in)
	if err != nil {
		return err
	}
	if _, err := s3.NewBucketOwnershipControls(b.ctx, name, &s3.BucketOwnershipControlsArgs{
		Bucket: bucket.ID(),
		Rule:   &s3.BucketOwnershipControlsRuleArgs{ObjectOwnership: pulumi.String("BucketOwnerEnforced")},
	}, spec.in); err != nil {
		return err
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
	for _, s := range spec.readers {
		s.Resource = objects
		statements = append(statements, s)
	}
	// S3 refuses changes of a bucket's policy and its public access block at once.
	_, err = s3.NewBucketPolicy(b.ctx, name, &s3.BucketPolicyArgs{
		Bucket: bucket.ID(),
		Policy: iampolicy.JSON(statements...),
	}, spec.in, pulumi.DependsOn([]pulumi.Resource{block}))
	return err
}
