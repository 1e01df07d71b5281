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
		b.tableARN, b.tier.TableARN = replica.Arn, replica.Arn
		// There only once the replica is.
		table := pulumi.All(b.args.Home.TableName, replica.ID()).ApplyT(func(all []any) string { return all[0].(string) }).(pulumi.StringOutput)
		_, err = b.scaleTable(table)
		return err
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
	ignored := []string{"replicas"}
	if c := table.Capacity; c != nil {
		args.BillingMode = pulumi.String("PROVISIONED")
		args.ReadCapacity, args.WriteCapacity = pulumi.Int(c.MinReads), pulumi.Int(c.MinWrites)
		ignored = append(ignored, "readCapacity", "writeCapacity") // they follow the load
	}
	made, err := dynamodb.NewTable(b.ctx, name, args, b.in, b.keep, pulumi.IgnoreChanges(ignored))
	if err != nil {
		return err
	}
	scaled, err := b.scaleTable(made.Name)
	if err != nil {
		return err
	}
	b.tableARN, b.tier.TableName = made.Arn, made.Name
	// A table with provisioned capacity has to scale its writes before it can have a
	// replica, so whoever makes one waits for that.
	b.tier.TableARN = pulumi.All(append([]any{made.Arn}, scaled...)...).ApplyT(func(all []any) string { return all[0].(string) }).(pulumi.StringOutput)
	return nil
}

// scaleTable lets the capacity of this region's table follow its load, and
// returns what is known once it does.
func (b *builder) scaleTable(table pulumi.StringOutput) (done []any, err error) {
	c := b.args.Table.Capacity
	if c == nil {
		return nil, nil
	}
	for _, s := range []scaling{
		{suffix: "table-reads", dimension: "dynamodb:table:ReadCapacityUnits", metric: "DynamoDBReadCapacityUtilization", least: c.MinReads, most: c.MaxReads},
		{suffix: "table-writes", dimension: "dynamodb:table:WriteCapacityUnits", metric: "DynamoDBWriteCapacityUtilization", least: c.MinWrites, most: c.MaxWrites},
	} {
		s.service, s.resource, s.targetPercent = "dynamodb", pulumi.Sprintf("table/%s", table), c.UtilizationPercent
		s.inSeconds, s.outSeconds = 60, 60
		policy, err := b.scale(s)
		if err != nil {
			return nil, err
		}
		done = append(done, policy.ID())
	}
	return done, nil
}

// attribute describes a key, which is a string.
func attribute(name string) *dynamodb.TableAttributeArgs {
	return &dynamodb.TableAttributeArgs{Name: pulumi.String(name), Type: pulumi.String("S")}
}
