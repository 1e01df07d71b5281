package datatier

import (
	"slices"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/s3"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/tandem-platform/tandem/internal/bucket"
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
	key      pulumi.StringInput    // ARN of the key that encrypts it; nil for S3's own
	logs     pulumi.StringInput    // bucket for its access logs; nil for none
	lockable bool                  // objects can be locked, which only a new bucket can be made for
	lockDays int                   // how long new objects are; -1 for not at all
	rules    s3.BucketLifecycleConfigurationV2RuleArray
	others   []iampolicy.Statement // who else may read or write, without their Resource
}

// makeBuckets makes this region's buckets. Home makes the static site's bucket
// in every region, because its CDN reads them all; a standby joins the others.
func (b *builder) makeBuckets() (err error) {
	d := b.tier
	if d.Logs, err = b.makeLogs("logs", b.in); err != nil {
		return err
	}
	if d.Files, err = b.makeBucket(bucketSpec{suffix: "files", in: b.in, key: b.dataKeyARN, logs: d.Logs.Name, rules: b.tierFiles()}); err != nil {
		return err
	}
	if d.Backups, err = b.makeBucket(bucketSpec{
		suffix: "backups", in: b.in, key: b.dataKeyARN, logs: d.Logs.Name, lockable: true, lockDays: b.args.Buckets.BackupLockDays,
		rules: b.age(b.args.Buckets.BackupExpiryDays),
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

// makeLogs makes a region's bucket for the access logs of its other buckets. S3
// delivers logs only to a bucket that is encrypted by its own keys (S3 user
// guide, enabling server access logging).
func (b *builder) makeLogs(suffix string, in pulumi.ResourceOption) (Bucket, error) {
	return b.makeBucket(bucketSpec{
		suffix: suffix, in: in, rules: b.age(b.args.Buckets.LogExpiryDays),
		others: []iampolicy.Statement{{
			Sid:       "AccessLogs",
			Principal: map[string]any{"Service": "logging.s3.amazonaws.com"},
			Action:    []string{"s3:PutObject"},
			Condition: map[string]any{
				"StringEquals": map[string]any{"aws:SourceAccount": b.args.AccountID},
				"ArnLike":      map[string]any{"aws:SourceArn": "arn:aws:s3:::" + b.name + "-*"},
			},
		}},
	})
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
		logs:   d.Logs.Name,
		rules:  s3.BucketLifecycleConfigurationV2RuleArray{b.versionsRule()},
		others: []iampolicy.Statement{{
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
		key, err := b.replicaKey("static-key-"+s.Region, b.staticKey.Arn, b.staticKeyUse(s.Region), in)
		if err != nil {
			return err
		}
		logs, err := b.makeLogs("logs-"+s.Region, in) // in the bucket's own region, as S3 wants it
		if err != nil {
			return err
		}
		spec.suffix, spec.in, spec.key, spec.logs = "static-"+s.Region, in, key.Arn, logs.Name
		static, err := b.makeBucket(spec)
		if err != nil {
			return err
		}
		d.StandbyStatic[s.Region] = static
		there = append(there, end{in: in, bucket: static, key: key.Arn, region: s.Region})
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

// versionsRule lets go of old versions and of uploads that were never finished.
func (b *builder) versionsRule() *s3.BucketLifecycleConfigurationV2RuleArgs {
	rule := bucket.ExpireVersions(b.args.Buckets.NoncurrentDays)
	// Infrequent access is paid for 30 days at least.
	if days := b.args.Buckets.TieringDays; days > 0 && b.args.Buckets.NoncurrentDays >= days+infrequentDays {
		rule.NoncurrentVersionTransitions = s3.BucketLifecycleConfigurationV2RuleNoncurrentVersionTransitionArray{
			&s3.BucketLifecycleConfigurationV2RuleNoncurrentVersionTransitionArgs{
				NoncurrentDays: pulumi.Int(days), StorageClass: pulumi.String("STANDARD_IA"),
			},
		}
	}
	return rule
}

// tierFiles lets S3 keep each file in the class that its use makes the cheapest.
func (b *builder) tierFiles() s3.BucketLifecycleConfigurationV2RuleArray {
	rules := s3.BucketLifecycleConfigurationV2RuleArray{b.versionsRule()}
	if days := b.args.Buckets.TieringDays; days > 0 {
		rules = append(rules, &s3.BucketLifecycleConfigurationV2RuleArgs{
			Id:     pulumi.String("tier"),
			Status: pulumi.String("Enabled"),
			Filter: &s3.BucketLifecycleConfigurationV2RuleFilterArgs{Prefix: pulumi.String("")},
			Transitions: s3.BucketLifecycleConfigurationV2RuleTransitionArray{
				&s3.BucketLifecycleConfigurationV2RuleTransitionArgs{Days: pulumi.Int(days), StorageClass: pulumi.String("INTELLIGENT_TIERING")},
			},
		})
	}
	return rules
}

// age makes objects that are seldom read cheaper as they age, and removes them
// in the end.
func (b *builder) age(expiryDays int) s3.BucketLifecycleConfigurationV2RuleArray {
	return s3.BucketLifecycleConfigurationV2RuleArray{b.versionsRule(), &s3.BucketLifecycleConfigurationV2RuleArgs{
		Id:     pulumi.String("age"),
		Status: pulumi.String("Enabled"),
		Filter: &s3.BucketLifecycleConfigurationV2RuleFilterArgs{Prefix: pulumi.String("")},
		Transitions: s3.BucketLifecycleConfigurationV2RuleTransitionArray{
			&s3.BucketLifecycleConfigurationV2RuleTransitionArgs{Days: pulumi.Int(infrequentDays), StorageClass: pulumi.String("STANDARD_IA")},
			&s3.BucketLifecycleConfigurationV2RuleTransitionArgs{Days: pulumi.Int(archiveDays), StorageClass: pulumi.String("GLACIER_IR")},
		},
		Expiration: &s3.BucketLifecycleConfigurationV2RuleExpirationArgs{Days: pulumi.Int(expiryDays)},
	}}
}

// makeBucket makes a bucket and everything that makes it safe to use.
func (b *builder) makeBucket(spec bucketSpec) (Bucket, error) {
	none := Bucket{}
	name := b.name + "-" + spec.suffix
	made, err := bucket.New(b.ctx, name, bucket.Args{
		KMSKeyARN: spec.key,
		Versioned: true,
		Lockable:  spec.lockable,
		Lifecycle: spec.rules,
		Statements: func(_, objects pulumi.StringOutput) []iampolicy.Statement {
			statements := slices.Clone(spec.others)
			for i := range statements {
				statements[i].Resource = objects
			}
			return statements
		},
		AllowDestroy: b.args.AllowDestroy,
		Options:      []pulumi.ResourceOption{b.keep},
	}, spec.in)
	if err != nil {
		return none, err
	}
	if spec.logs != nil {
		if _, err := s3.NewBucketLoggingV2(b.ctx, name, &s3.BucketLoggingV2Args{
			Bucket:       made.Name,
			TargetBucket: spec.logs,
			TargetPrefix: pulumi.String(spec.suffix + "/"),
			TargetObjectKeyFormat: &s3.BucketLoggingV2TargetObjectKeyFormatArgs{
				PartitionedPrefix: &s3.BucketLoggingV2TargetObjectKeyFormatPartitionedPrefixArgs{PartitionDateSource: pulumi.String("EventTime")},
			},
		}, spec.in); err != nil {
			return none, err
		}
	}
	if spec.lockDays > 0 {
		if _, err := s3.NewBucketObjectLockConfigurationV2(b.ctx, name, &s3.BucketObjectLockConfigurationV2Args{
			Bucket: made.Name,
			Rule: &s3.BucketObjectLockConfigurationV2RuleArgs{DefaultRetention: &s3.BucketObjectLockConfigurationV2RuleDefaultRetentionArgs{
				Mode: pulumi.String("GOVERNANCE"),
				Days: pulumi.Int(spec.lockDays),
			}},
		}, spec.in); err != nil {
			return none, err
		}
	}
	return Bucket(*made), nil
}
