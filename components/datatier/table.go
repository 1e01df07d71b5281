package datatier

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/dynamodb"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// makeTable makes the table or, in a standby, its replica there. The standby
// owns its replica, so home's table ignores its list of replicas.
func (b *builder) makeTable() error {
	name := b.name + "-table"
	if !b.home() {
		replica, err := dynamodb.NewTableReplica(b.ctx, name, &dynamodb.TableReplicaArgs{
			GlobalTableArn:            b.args.Home.TableARN,
			KmsKeyArn:                 b.dataKeyARN,
			PointInTimeRecovery:       pulumi.Bool(true),
			DeletionProtectionEnabled: pulumi.Bool(!b.args.AllowDestroy),
			Tags:                      tags(name),
		}, b.in, b.keep)
		if err != nil {
			return err
		}
		b.tier.TableName = b.args.Home.TableName.ToStringOutput()
		b.tier.TableARN = replica.Arn
		return nil
	}
	table := b.args.Table
	args := &dynamodb.TableArgs{
		BillingMode: pulumi.String("PAY_PER_REQUEST"),
		HashKey:     pulumi.String(table.HashKey),
		// A global table replicates by the stream of new and old images.
		StreamEnabled:  pulumi.Bool(true),
		StreamViewType: pulumi.String("NEW_AND_OLD_IMAGES"),
		Ttl:            &dynamodb.TableTtlArgs{Enabled: pulumi.Bool(true), AttributeName: pulumi.String(table.TTLAttribute)},
		PointInTimeRecovery: &dynamodb.TablePointInTimeRecoveryArgs{
			Enabled:              pulumi.Bool(true),
			RecoveryPeriodInDays: pulumi.Int(table.RecoveryDays),
		},
		ServerSideEncryption:      &dynamodb.TableServerSideEncryptionArgs{Enabled: pulumi.Bool(true), KmsKeyArn: b.dataKeyARN},
		DeletionProtectionEnabled: pulumi.Bool(!b.args.AllowDestroy),
		Tags:                      tags(name),
	}
	attributes := dynamodb.TableAttributeArray{attribute(table.HashKey)}
	if table.RangeKey != "" {
		args.RangeKey = pulumi.String(table.RangeKey)
		attributes = append(attributes, attribute(table.RangeKey))
	}
	args.Attributes = attributes
	made, err := dynamodb.NewTable(b.ctx, name, args, b.in, b.keep, pulumi.IgnoreChanges([]string{"replicas"}))
	if err != nil {
		return err
	}
	b.tier.TableName = made.Name
	b.tier.TableARN = made.Arn
	return nil
}

// attribute describes a key, which is a string.
func attribute(name string) *dynamodb.TableAttributeArgs {
	return &dynamodb.TableAttributeArgs{Name: pulumi.String(name), Type: pulumi.String("S")}
}
