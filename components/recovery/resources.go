package recovery

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudwatch"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/dynamodb"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/kms"
	"github.com/pulumi/pulumi-random/sdk/v4/go/random"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/tandem-platform/tandem/internal/iampolicy"
)

// makeKey makes the key of the lease, the machines, their logs and the canary's
// files. It is this region's alone, so that nothing here hangs on another.
func (b *builder) makeKey() error {
	name := b.name + "-recovery"
	waitingDays := 30 // the longest that KMS offers
	if b.args.AllowDestroy {
		waitingDays = 7 // the shortest
	}
	key, err := kms.NewKey(b.ctx, name, &kms.KeyArgs{
		Description:          pulumi.String("Encrypts the writer's lease and what takes over"),
		EnableKeyRotation:    pulumi.Bool(true),
		DeletionWindowInDays: pulumi.Int(waitingDays),
		Policy:               b.keyPolicy(),
		Tags:                 tags(name),
	}, b.in, b.keep)
	if err != nil {
		return err
	}
	b.keyARN = key.Arn
	_, err = kms.NewAlias(b.ctx, name, &kms.AliasArgs{Name: pulumi.String("alias/" + name), TargetKeyId: key.KeyId}, b.in)
	return err
}

// keyPolicy lets the lease be read and written through DynamoDB, the canary's files
// through S3, and the machines' definitions and histories through Step Functions.
//
// The machines themselves use the key with no service in between, for their
// executions and to encrypt what goes into the log: with kms:ViaService on their roles
// executions would not start. Starting one needs no key (Step Functions developer
// guide, "Data at rest encryption").
func (b *builder) keyPolicy() pulumi.StringOutput {
	var machines []any
	for _, suffix := range machineSuffixes {
		machines = append(machines, b.machineRoles[suffix].Arn)
	}
	return iampolicy.Key{
		Account: b.args.AccountID, Region: b.args.Region, Services: []string{"dynamodb", "s3", "states"},
		Others: []iampolicy.Statement{
			{Sid: "Machines", Principal: map[string]any{"AWS": machines}, Action: []string{"kms:Decrypt", "kms:GenerateDataKey"}},
			iampolicy.EncryptLogs(b.args.Region, fmt.Sprintf("arn:aws:logs:%s:%s:log-group:%s*", b.args.Region, b.args.AccountID, b.logGroupName())),
			// A machine under a key of the account's own hands its log over encrypted (Step
			// Functions developer guide, "Data at rest encryption").
			{
				Sid: "LogDelivery", Principal: map[string]any{"Service": "delivery.logs.amazonaws.com"}, Action: []string{"kms:Decrypt*"},
				Condition: map[string]any{"StringEquals": map[string]any{"aws:SourceAccount": b.args.AccountID}},
			},
		},
	}.JSON()
}

// makeLease makes the table of the writer's lease. It is no global table: a lease
// that follows from the other region would fence the wrong one.
func (b *builder) makeLease() error {
	name := b.name + "-lease"
	table, err := dynamodb.NewTable(b.ctx, name, &dynamodb.TableArgs{
		BillingMode:               pulumi.String("PAY_PER_REQUEST"),
		HashKey:                   pulumi.String("id"),
		Attributes:                dynamodb.TableAttributeArray{&dynamodb.TableAttributeArgs{Name: pulumi.String("id"), Type: pulumi.String("S")}},
		ServerSideEncryption:      &dynamodb.TableServerSideEncryptionArgs{Enabled: pulumi.Bool(true), KmsKeyArn: b.keyARN},
		PointInTimeRecovery:       &dynamodb.TablePointInTimeRecoveryArgs{Enabled: pulumi.Bool(true)},
		DeletionProtectionEnabled: pulumi.Bool(!b.args.AllowDestroy),
		Tags:                      tags(name),
	}, b.in, b.keep)
	if err != nil {
		return err
	}
	b.tableName, b.tableARN = table.Name, table.Arn
	return nil
}

// makeConnection makes what HTTP tasks authenticate by. Health endpoints are
// public, but a connection has to have a secret; a service may tell probes by it.
func (b *builder) makeConnection() error {
	name := b.name + "-probe"
	password, err := random.NewRandomPassword(b.ctx, name, &random.RandomPasswordArgs{
		Length:  pulumi.Int(32),
		Special: pulumi.Bool(false), // it is a header's value
	}, b.in)
	if err != nil {
		return err
	}
	connection, err := cloudwatch.NewEventConnection(b.ctx, name, &cloudwatch.EventConnectionArgs{
		Description:       pulumi.String("Probes of health endpoints"),
		AuthorizationType: pulumi.String("API_KEY"),
		AuthParameters: &cloudwatch.EventConnectionAuthParametersArgs{ApiKey: &cloudwatch.EventConnectionAuthParametersApiKeyArgs{
			Key: pulumi.String("x-tandem-probe"), Value: pulumi.ToSecret(password.Result).(pulumi.StringOutput),
		}},
	}, b.in)
	if err != nil {
		return err
	}
	b.connectionARN, b.connectionSecret = connection.Arn, connection.SecretArn
	return nil
}

// makeAlarms makes the two alarms of independent signals, and the one that both
// together set off.
func (b *builder) makeAlarms() error {
	replication, err := cloudwatch.NewMetricAlarm(b.ctx, b.name+"-replication", &cloudwatch.MetricAlarmArgs{
		AlarmDescription: pulumi.String("Nothing is replicated from " + b.args.Other.Region + ", or this region takes the writes itself"),
		// A query, because one of the metric's dimensions is the region that takes the
		// writes, which changes at a failover.
		MetricQueries: cloudwatch.MetricAlarmMetricQueryArray{&cloudwatch.MetricAlarmMetricQueryArgs{
			Id: pulumi.String("result"), Label: pulumi.String("Replication lag (ms)"), Period: pulumi.Int(60), ReturnData: pulumi.Bool(true),
			Expression: pulumi.Sprintf(`SELECT MAX(AuroraGlobalDBReplicationLag) FROM "AWS/RDS" WHERE DBClusterIdentifier = '%s'`, b.args.ClusterID).ToStringPtrOutput(),
		}},
		ComparisonOperator: pulumi.String("GreaterThanThreshold"),
		Threshold:          pulumi.Float64(b.args.ReplicationLagSeconds * 1000),
		EvaluationPeriods:  pulumi.Int(alarmPeriods),
		DatapointsToAlarm:  pulumi.Int(alarmPeriods),
		TreatMissingData:   pulumi.String("breaching"), // no lag is told of where nothing comes
		Tags:               tags(b.name + "-replication"),
	}, b.in)
	if err != nil {
		return err
	}
	b.replicationAlarm = alarm{replication.Name, replication.Arn}
	canary, err := cloudwatch.NewMetricAlarm(b.ctx, b.name+"-canary", &cloudwatch.MetricAlarmArgs{
		AlarmDescription:   pulumi.String("The canary cannot reach " + b.args.Other.RegionalName),
		Namespace:          pulumi.String("CloudWatchSynthetics"),
		MetricName:         pulumi.String("SuccessPercent"),
		Dimensions:         pulumi.StringMap{"CanaryName": b.canaryName},
		Statistic:          pulumi.String("Average"),
		Period:             pulumi.Int(canarySeconds),
		ComparisonOperator: pulumi.String("LessThanThreshold"),
		Threshold:          pulumi.Float64(50),
		EvaluationPeriods:  pulumi.Int(alarmPeriods),
		DatapointsToAlarm:  pulumi.Int(alarmPeriods),
		TreatMissingData:   pulumi.String("notBreaching"), // a canary that does not run says nothing
		Tags:               tags(b.name + "-canary"),
	}, b.in)
	if err != nil {
		return err
	}
	b.canaryAlarm = alarm{canary.Name, canary.Arn}
	lost, err := cloudwatch.NewCompositeAlarm(b.ctx, b.name+"-region-lost", &cloudwatch.CompositeAlarmArgs{
		AlarmName:        pulumi.String(b.name + "-region-lost"),
		AlarmDescription: pulumi.String(b.args.Other.Region + " is not reached and replicates nothing: starts the takeover"),
		AlarmRule:        pulumi.Sprintf(`ALARM("%s") AND ALARM("%s")`, replication.Name, canary.Name),
		AlarmActions:     pulumi.StringArray{b.args.TopicARN},
		OkActions:        pulumi.StringArray{b.args.TopicARN},
		Tags:             tags(b.name + "-region-lost"),
	}, b.in)
	if err != nil {
		return err
	}
	b.lostAlarmARN = lost.Arn
	return nil
}

// logGroupName is the whole name of the machines' log group; Step Functions wants
// it to begin so, or else the policies of log deliveries grow too long.
func (b *builder) logGroupName() string { return "/aws/vendedlogs/states/" + b.name + "-recovery" }

func (b *builder) makeLogGroup() error {
	group, err := cloudwatch.NewLogGroup(b.ctx, b.name+"-recovery", &cloudwatch.LogGroupArgs{
		Name:            pulumi.String(b.logGroupName()),
		RetentionInDays: pulumi.Int(b.args.LogRetentionDays),
		KmsKeyId:        b.keyARN,
	}, b.in, b.keep)
	if err != nil {
		return err
	}
	b.logGroupARN = group.Arn
	return nil
}
