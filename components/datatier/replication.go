package datatier

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/s3"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/tandem-platform/tandem/internal/iampolicy"
)

// end is a bucket that objects are replicated from or to.
type end struct {
	in     pulumi.ResourceOption // the parent and, abroad, the provider
	bucket Bucket
	key    pulumi.StringInput // ARN of the key that encrypts it; nil for S3's own
	region string
}

// link is the replication of one bucket.
type link struct {
	name string // of the source, below the component's
	from end
	to   []end
}

// replicateWithHome ties the files, the backups and the logs of this region to
// home's, both ways unless another standby owns the way from home; and both of them
// to a reserve's.
func (b *builder) replicateWithHome() error {
	home := b.args.Home
	abroad := b.abroad(home.Provider)
	elsewhere := func(region string, name, key pulumi.StringInput) end {
		bucket := Bucket{Name: name.ToStringOutput(), ARN: bucketARN(name)}
		return end{in: abroad, bucket: bucket, key: key, region: region}
	}
	var from, back []link
	for _, kind := range []struct {
		name      string
		here      Bucket
		key       pulumi.StringInput // here; nil for S3's own
		home      pulumi.StringInput
		inReserve func(*Reserve) pulumi.StringInput
	}{
		{"files", b.tier.Files, b.dataKeyARN, home.FilesBucketName, func(r *Reserve) pulumi.StringInput { return r.FilesBucketName }},
		{"backups", b.tier.Backups, b.dataKeyARN, home.BackupsBucketName, func(r *Reserve) pulumi.StringInput { return r.BackupsBucketName }},
		{"logs", b.tier.Logs, nil, home.LogsBucketName, func(r *Reserve) pulumi.StringInput { return r.LogsBucketName }},
	} {
		keyOf := func(key pulumi.StringInput) pulumi.StringInput { // of another region
			if kind.key == nil {
				return nil
			}
			return key
		}
		here := end{in: b.in, bucket: kind.here, key: kind.key, region: b.args.Region}
		there := elsewhere(home.Region, kind.home, keyOf(home.DataKeyARN))
		var more []end
		if r := home.Reserve; r != nil {
			more = append(more, elsewhere(r.Region, kind.inReserve(r), keyOf(r.DataKeyARN)))
		}
		from = append(from, link{kind.name, here, append([]end{there}, more...)})
		back = append(back, link{kind.name + "-" + home.Region, there, append([]end{here}, more...)})
	}
	if err := b.replicate("replication", from...); err != nil || home.OneWay {
		return err
	}
	return b.replicate("replication-"+home.Region, back...)
}

// replicate sets up links whose sources are in one region, with one role that
// may read just these sources and write just their destinations.
func (b *builder) replicate(suffix string, links ...link) error {
	name := b.name + "-" + suffix
	role, err := iam.NewRole(b.ctx, name, &iam.RoleArgs{
		Description: pulumi.String("Lets S3 replicate buckets of " + links[0].from.region),
		// With no condition: S3 documents none for replication, and only this account
		// can pass the role to it.
		AssumeRolePolicy: iampolicy.Trust("s3.amazonaws.com"),
		Tags:             tags(name),
	}, b.in)
	if err != nil {
		return err
	}
	policy, err := iam.NewRolePolicy(b.ctx, name, &iam.RolePolicyArgs{
		Role:   role.ID(),
		Policy: replicationPolicy(links),
	}, b.in)
	if err != nil {
		return err
	}
	for _, l := range links {
		rules := s3.BucketReplicationConfigRuleArray{}
		for i, to := range l.to {
			rules = append(rules, replicationRule(i, to))
		}
		if _, err := s3.NewBucketReplicationConfig(b.ctx, b.name+"-"+l.name, &s3.BucketReplicationConfigArgs{
			Bucket: l.from.bucket.Name,
			Role:   role.Arn,
			Rules:  rules,
		}, l.from.in, pulumi.DependsOn([]pulumi.Resource{policy})); err != nil {
			return err
		}
	}
	return nil
}

// rtcMinutes is what replication time control promises, and the only figure that
// it takes (S3 user guide, replication time control).
const rtcMinutes = 15

// replicationRule replicates every object, with deletions and with changes made
// to replicas at the other end, so that both ends stay the same.
func replicationRule(priority int, to end) *s3.BucketReplicationConfigRuleArgs {
	enabled := pulumi.String("Enabled")
	source := &s3.BucketReplicationConfigRuleSourceSelectionCriteriaArgs{
		ReplicaModifications: &s3.BucketReplicationConfigRuleSourceSelectionCriteriaReplicaModificationsArgs{Status: enabled},
	}
	destination := &s3.BucketReplicationConfigRuleDestinationArgs{
		Bucket: to.bucket.ARN,
		ReplicationTime: &s3.BucketReplicationConfigRuleDestinationReplicationTimeArgs{
			Status: enabled,
			Time:   &s3.BucketReplicationConfigRuleDestinationReplicationTimeTimeArgs{Minutes: pulumi.Int(rtcMinutes)},
		},
		Metrics: &s3.BucketReplicationConfigRuleDestinationMetricsArgs{
			Status:         enabled,
			EventThreshold: &s3.BucketReplicationConfigRuleDestinationMetricsEventThresholdArgs{Minutes: pulumi.Int(rtcMinutes)},
		},
	}
	if to.key != nil {
		source.SseKmsEncryptedObjects = &s3.BucketReplicationConfigRuleSourceSelectionCriteriaSseKmsEncryptedObjectsArgs{Status: enabled}
		destination.EncryptionConfiguration = &s3.BucketReplicationConfigRuleDestinationEncryptionConfigurationArgs{ReplicaKmsKeyId: to.key}
	}
	return &s3.BucketReplicationConfigRuleArgs{
		Id:                      pulumi.String("to-" + to.region),
		Priority:                pulumi.Int(priority),
		Status:                  enabled,
		Filter:                  &s3.BucketReplicationConfigRuleFilterArgs{Prefix: pulumi.String("")},
		DeleteMarkerReplication: &s3.BucketReplicationConfigRuleDeleteMarkerReplicationArgs{Status: enabled},
		SourceSelectionCriteria: source,
		Destination:             destination,
	}
}

// replicationPolicy lets S3 read the sources and write the destinations, and use
// their keys through S3 alone.
func replicationPolicy(links []link) pulumi.StringOutput {
	var statements []iampolicy.Statement
	viaS3 := func(region string) map[string]any {
		return map[string]any{"StringEquals": map[string]any{"kms:ViaService": fmt.Sprintf("s3.%s.amazonaws.com", region)}}
	}
	for _, l := range links {
		statements = append(statements, iampolicy.Statement{
			Action:   []string{"s3:GetReplicationConfiguration", "s3:ListBucket"},
			Resource: l.from.bucket.ARN,
		}, iampolicy.Statement{
			Action: []string{
				"s3:GetObjectVersionForReplication", "s3:GetObjectVersionAcl", "s3:GetObjectVersionTagging",
				"s3:GetObjectRetention", "s3:GetObjectLegalHold",
			},
			Resource: pulumi.Sprintf("%s/*", l.from.bucket.ARN),
		})
		if l.from.key != nil {
			statements = append(statements, iampolicy.Statement{
				Action: []string{"kms:Decrypt"}, Resource: l.from.key, Condition: viaS3(l.from.region),
			})
		}
		for _, to := range l.to {
			statements = append(statements, iampolicy.Statement{
				Action:   []string{"s3:ReplicateObject", "s3:ReplicateDelete", "s3:ReplicateTags"},
				Resource: pulumi.Sprintf("%s/*", to.bucket.ARN),
			})
			if to.key != nil {
				statements = append(statements, iampolicy.Statement{
					Action: []string{"kms:Encrypt", "kms:GenerateDataKey"}, Resource: to.key, Condition: viaS3(to.region),
				})
			}
		}
	}
	return iampolicy.JSON(statements...)
}
