package datatier

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/kms"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/tandem-platform/tandem/internal/iampolicy"
)

// makeKeys makes the region's share of three multi-Region keys.
//
// The data key's replica belongs to the standby. The keys of the secret and of
// the static site have replicas of home's own making in the standby regions,
// because home's own resources use them there.
func (b *builder) makeKeys() error {
	if !b.home() {
		replica, err := b.replicaKey("data-key", b.args.Home.DataKeyARN, b.dataKeyUse(), b.in)
		if err != nil {
			return err
		}
		b.dataKeyARN = replica.Arn
		b.tier.DataKeyARN = replica.Arn
		b.tier.SecretsKeyARN = b.here(b.args.Home.SecretsKeyARN)
		return nil
	}
	data, err := b.primaryKey("data-key", "Encrypts the database, the table, the files and the backups", b.dataKeyUse())
	if err != nil {
		return err
	}
	if b.secretsKey, err = b.primaryKey("secrets-key", "Encrypts the database's secret", b.secretsKeyUse(b.args.Region)); err != nil {
		return err
	}
	if b.staticKey, err = b.primaryKey("static-key", "Encrypts the static site", b.staticKeyUse(b.args.Region)); err != nil {
		return err
	}
	b.dataKeyARN = data.Arn
	b.tier.DataKeyARN = data.Arn
	b.tier.SecretsKeyARN = b.secretsKey.Arn
	return nil
}

// here is the ARN of the same resource in this region.
func (b *builder) here(arn pulumi.StringInput) pulumi.StringOutput {
	return arn.ToStringOutput().ApplyT(func(arn string) (string, error) {
		return inRegion(b.args.Region, arn)
	}).(pulumi.StringOutput)
}

// waitingDays is how long a deleted key can be had back. With a key, everything
// that it encrypts is lost, so it is as long as KMS allows, and where all may be
// destroyed as short (ScheduleKeyDeletion, PendingWindowInDays).
func (b *builder) waitingDays() pulumi.IntInput {
	if b.args.AllowDestroy {
		return pulumi.Int(7)
	}
	return pulumi.Int(30)
}

func (b *builder) primaryKey(suffix, description string, use iampolicy.Key) (*kms.Key, error) {
	name := b.name + "-" + suffix
	key, err := kms.NewKey(b.ctx, name, &kms.KeyArgs{
		Description:          pulumi.String(description),
		MultiRegion:          pulumi.Bool(true),
		EnableKeyRotation:    pulumi.Bool(true),
		DeletionWindowInDays: b.waitingDays(),
		Policy:               b.keyPolicy(use),
		Tags:                 tags(name),
	}, b.in, b.keep)
	if err != nil {
		return nil, err
	}
	return key, b.alias(name, key.KeyId, b.in)
}

// replicaKey makes a replica of a key in the region that the option leads to.
func (b *builder) replicaKey(suffix string, primaryARN pulumi.StringInput, use iampolicy.Key, in pulumi.ResourceOption) (*kms.ReplicaKey, error) {
	name := b.name + "-" + suffix
	key, err := kms.NewReplicaKey(b.ctx, name, &kms.ReplicaKeyArgs{
		Description:          pulumi.String("Replica of a multi-Region key of the home region"),
		PrimaryKeyArn:        primaryARN,
		DeletionWindowInDays: b.waitingDays(),
		Policy:               b.keyPolicy(use), // a replica does not inherit its primary's
		Tags:                 tags(name),
	}, in, b.keep)
	if err != nil {
		return nil, err
	}
	return key, b.alias(name, key.KeyId, in)
}

func (b *builder) alias(name string, key pulumi.StringInput, in pulumi.ResourceOption) error {
	_, err := kms.NewAlias(b.ctx, name, &kms.AliasArgs{
		Name:        pulumi.String("alias/" + name), // what people and scripts look for
		TargetKeyId: key,
	}, in)
	return err
}

// keyPolicy is the policy of a multi-Region key of the account.
func (b *builder) keyPolicy(use iampolicy.Key) pulumi.StringOutput {
	use.Account, use.MultiRegion = b.args.AccountID, true
	return use.JSON()
}

// dataKeyUse says what uses this region's data key: Aurora and Performance Insights by
// the name of RDS (KMS developer guide, "Services that support the kms:ViaService
// condition key"); DynamoDB from any region, as it demands for a global table
// (DynamoDB developer guide, "Key policy for a customer managed key"); S3, for its own
// replication too (S3 user guide, "Replicating encrypted objects"). AWS Backup asks
// for the use of it by way of RDS and DynamoDB (AWSBackupServiceRolePolicyForBackup,
// AWSBackupServiceRolePolicyForRestores).
func (b *builder) dataKeyUse() iampolicy.Key {
	group := func(name string) string {
		return fmt.Sprintf("arn:aws:logs:%s:%s:log-group:/aws/%s", b.args.Region, b.args.AccountID, name)
	}
	return iampolicy.Key{
		Region:   b.args.Region,
		Services: []string{"rds", "dynamodb.*", "s3"},
		Others: []iampolicy.Statement{iampolicy.EncryptLogs(b.args.Region, []string{
			group("rds/cluster/*"), group("rds/proxy/*"), group("lambda/" + b.name + "-*"),
		})},
	}
}

// secretsKeyUse says what uses the key of secrets in a region: Secrets Manager, for
// rotation, the proxy and pods alike, and from any region, as its own key has it: home's
// secret writes its replicas.
func (b *builder) secretsKeyUse(region string) iampolicy.Key {
	return iampolicy.Key{Region: region, Services: []string{"secretsmanager.*"}}
}

// backupKeyUse says what uses the key of a vault in a region: AWS Backup, from any
// region because it copies between vaults (AWS Backup developer guide, "AWS Backup
// permissions, grants, and deny statements"), and the services whose backups it has
// copied and restored under that key.
func (b *builder) backupKeyUse(region string) iampolicy.Key {
	return iampolicy.Key{Region: region, Services: []string{"backup.*", "dynamodb.*", "rds"}}
}

// staticKeyUse says what uses the key of the static site in a region: S3, for who
// uploads it and for replication, and CloudFront for our distribution (CloudFront
// developer guide, "SSE-KMS").
func (b *builder) staticKeyUse(region string) iampolicy.Key {
	return iampolicy.Key{
		Region:   region,
		Services: []string{"s3"},
		Others: []iampolicy.Statement{{
			Sid:       "CloudFront",
			Principal: map[string]any{"Service": "cloudfront.amazonaws.com"},
			Action:    []string{"kms:Decrypt"},
			Condition: b.fromDistribution(),
		}},
	}
}

// fromDistribution is the condition that CloudFront acts for our distribution.
func (b *builder) fromDistribution() map[string]any {
	return map[string]any{"ArnLike": map[string]any{"aws:SourceArn": b.args.Buckets.DistributionARN}}
}
