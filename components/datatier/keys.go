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
		replica, err := b.replicaKey("data-key", b.args.Home.DataKeyARN, b.dataKeyPolicy(), b.in)
		if err != nil {
			return err
		}
		b.dataKeyARN = replica.Arn
		b.tier.DataKeyARN = replica.Arn
		b.tier.SecretsKeyARN = b.here(b.args.Home.SecretsKeyARN)
		return nil
	}
	data, err := b.primaryKey("data-key", "Encrypts the database, the table, the files and the backups", b.dataKeyPolicy())
	if err != nil {
		return err
	}
	if b.secretsKey, err = b.primaryKey("secrets-key", "Encrypts the database's secret", iampolicy.JSON(b.ownerStatement())); err != nil {
		return err
	}
	if b.staticKey, err = b.primaryKey("static-key", "Encrypts the static site", b.staticKeyPolicy()); err != nil {
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

func (b *builder) primaryKey(suffix, description string, policy pulumi.StringInput) (*kms.Key, error) {
	name := b.name + "-" + suffix
	key, err := kms.NewKey(b.ctx, name, &kms.KeyArgs{
		Description:          pulumi.String(description),
		MultiRegion:          pulumi.Bool(true),
		EnableKeyRotation:    pulumi.Bool(true),
		DeletionWindowInDays: b.waitingDays(),
		Policy:               policy,
		Tags:                 tags(name),
	}, b.in, b.keep)
	if err != nil {
		return nil, err
	}
	return key, b.alias(name, key.KeyId, b.in)
}

// replicaKey makes a replica of a key in the region that the option leads to.
func (b *builder) replicaKey(suffix string, primaryARN, policy pulumi.StringInput, in pulumi.ResourceOption) (*kms.ReplicaKey, error) {
	name := b.name + "-" + suffix
	key, err := kms.NewReplicaKey(b.ctx, name, &kms.ReplicaKeyArgs{
		Description:          pulumi.String("Replica of a multi-Region key of the home region"),
		PrimaryKeyArn:        primaryARN,
		DeletionWindowInDays: b.waitingDays(),
		Policy:               policy, // a replica does not inherit its primary's
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

// ownerStatement leaves access to a key to the account's IAM policies.
func (b *builder) ownerStatement() iampolicy.Statement {
	return iampolicy.Statement{
		Sid:       "Account",
		Principal: map[string]any{"AWS": fmt.Sprintf("arn:aws:iam::%s:root", b.args.AccountID)},
		Action:    []string{"kms:*"},
		Resource:  "*",
	}
}

func (b *builder) dataKeyPolicy() pulumi.StringOutput {
	group := func(name string) string {
		return fmt.Sprintf("arn:aws:logs:%s:%s:log-group:/aws/%s", b.args.Region, b.args.AccountID, name)
	}
	return iampolicy.JSON(b.ownerStatement(), iampolicy.Statement{
		Sid:       "DatabaseLogs",
		Principal: map[string]any{"Service": fmt.Sprintf("logs.%s.amazonaws.com", b.args.Region)},
		Action:    []string{"kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"},
		Resource:  "*",
		Condition: map[string]any{"ArnLike": map[string]any{"kms:EncryptionContext:aws:logs:arn": []string{
			group("rds/cluster/*"), group("rds/proxy/*"), group("lambda/" + b.name + "-*"),
		}}},
	})
}

func (b *builder) staticKeyPolicy() pulumi.StringOutput {
	return iampolicy.JSON(b.ownerStatement(), iampolicy.Statement{
		Sid:       "CloudFront",
		Principal: map[string]any{"Service": "cloudfront.amazonaws.com"},
		Action:    []string{"kms:Decrypt"},
		Resource:  "*",
		Condition: b.fromDistribution(),
	})
}

// fromDistribution is the condition that CloudFront acts for our distribution.
func (b *builder) fromDistribution() map[string]any {
	return map[string]any{"ArnLike": map[string]any{"aws:SourceArn": b.args.Buckets.DistributionARN}}
}
