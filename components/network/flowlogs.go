package network

import (
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudwatch"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/kms"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/s3"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/tandem-platform/tandem/internal/bucket"
	"github.com/tandem-platform/tandem/internal/iampolicy"
	"github.com/tandem-platform/tandem/internal/logs"
)

// makeFlowLogs records all traffic where the arguments say.
func (b *builder) makeFlowLogs() error {
	name := b.name + "-flow-logs"
	args := &ec2.FlowLogArgs{
		VpcId:                  b.vpc.ID(),
		TrafficType:            pulumi.String("ALL"),
		MaxAggregationInterval: pulumi.Int(b.args.FlowLogs.IntervalSeconds),
		Tags:                   tags(name),
	}
	if f := strings.Join(strings.Fields(b.args.FlowLogs.Format), " "); f != "" {
		args.LogFormat = pulumi.String(f)
	}
	destination := b.logToCloudWatch
	if b.args.FlowLogs.Destination == FlowLogsToS3 {
		destination = b.logToS3
	}
	if err := destination(name, args); err != nil {
		return err
	}
	// Nothing of a flow log can be changed, and AWS takes no second one of the same
	// traffic to the same place.
	_, err := ec2.NewFlowLog(b.ctx, name, args, b.in, pulumi.DeleteBeforeReplace(true))
	return err
}

// keep leaves what holds records in AWS when it leaves the program. It is not
// protected as well, which would forbid to log elsewhere.
func (b *builder) keep() pulumi.ResourceOption { return pulumi.RetainOnDelete(!b.args.AllowDestroy) }

// makeLogKey makes the key that a service encrypts the records with.
func (b *builder) makeLogKey(name string, writer iampolicy.Statement, readThrough ...string) (*kms.Key, error) {
	return logs.NewKey(b.ctx, name, logs.KeyArgs{
		Description: "Encrypts the flow logs of " + b.name, AccountID: b.vpc.OwnerId, Region: b.args.region(), Writer: writer,
		ReadThrough: readThrough, AllowDestroy: b.args.AllowDestroy,
	}, b.in)
}

func (b *builder) logToCloudWatch(name string, args *ec2.FlowLogArgs) error {
	key, err := b.makeLogKey(name, iampolicy.EncryptLogs(b.args.region(),
		pulumi.Sprintf("arn:aws:logs:%s:%s:log-group:%s-*", b.args.region(), b.vpc.OwnerId, name)))
	if err != nil {
		return err
	}
	group, err := cloudwatch.NewLogGroup(b.ctx, name, &cloudwatch.LogGroupArgs{
		RetentionInDays: pulumi.Int(b.args.FlowLogs.RetentionDays),
		KmsKeyId:        key.Arn,
	}, b.in, b.keep())
	if err != nil {
		return err
	}
	role, err := iam.NewRole(b.ctx, name, &iam.RoleArgs{
		Description:      pulumi.String("Lets VPC flow logs write to CloudWatch Logs"),
		AssumeRolePolicy: iampolicy.Trust("vpc-flow-logs.amazonaws.com", b.ownFlowLogs("vpc-flow-log/*", "ec2")),
	}, b.in)
	if err != nil {
		return err
	}
	if _, err := iam.NewRolePolicy(b.ctx, name, &iam.RolePolicyArgs{
		Role: role.ID(),
		Policy: iampolicy.JSON(iampolicy.Statement{
			Action:   []string{"logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"},
			Resource: pulumi.Sprintf("%s:*", group.Arn),
		}),
	}, b.in); err != nil {
		return err
	}
	args.LogDestinationType = pulumi.String("cloud-watch-logs")
	args.LogDestination = group.Arn
	args.IamRoleArn = role.Arn
	return nil
}

// ownFlowLogs is the condition that a service acts for the flow logs of this
// account and region, and not for somebody else's.
func (b *builder) ownFlowLogs(resource, service string) map[string]any {
	return map[string]any{
		"StringEquals": map[string]any{"aws:SourceAccount": b.vpc.OwnerId},
		"ArnLike":      map[string]any{"aws:SourceArn": pulumi.Sprintf("arn:aws:%s:%s:%s:%s", service, b.args.region(), b.vpc.OwnerId, resource)},
	}
}

func (b *builder) logToS3(name string, args *ec2.FlowLogArgs) error {
	args.LogDestinationType = pulumi.String("s3")
	args.DestinationOptions = &ec2.FlowLogDestinationOptionsArgs{
		FileFormat:               pulumi.String("parquet"), // a fifth of the size of text, and what Athena reads fastest
		HiveCompatiblePartitions: pulumi.Bool(true),
		PerHourPartition:         pulumi.Bool(true),
	}
	if args.LogDestination = b.args.FlowLogs.BucketARN; b.args.FlowLogs.BucketARN != nil {
		return nil
	}
	bucket, err := b.makeLogBucket(name)
	args.LogDestination = bucket
	return err
}

// makeLogBucket makes a private, encrypted bucket that only the log service can
// write to, and returns its ARN by way of its policy, without which AWS refuses a
// flow log.
func (b *builder) makeLogBucket(name string) (pulumi.StringPtrInput, error) {
	delivery := map[string]any{"Service": "delivery.logs.amazonaws.com"}
	// VPC user guide, "Required key policy for use with SSE-KMS".
	key, err := b.makeLogKey(name+"-s3", iampolicy.Statement{
		Sid: "Delivery", Principal: delivery, Condition: b.ownFlowLogs("*", "logs"),
		Action: []string{"kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"},
	}, "s3")
	if err != nil {
		return nil, err
	}
	made, err := bucket.New(b.ctx, name, bucket.Args{
		KMSKeyARN:    key.Arn,
		Lifecycle:    s3.BucketLifecycleConfigurationV2RuleArray{bucket.Expire("retention", "", b.args.FlowLogs.RetentionDays)},
		AllowDestroy: b.args.AllowDestroy,
		Options:      []pulumi.ResourceOption{pulumi.RetainOnDelete(!b.args.AllowDestroy)},
		Statements: func(bucket, objects pulumi.StringOutput) []iampolicy.Statement {
			return []iampolicy.Statement{
				{Sid: "Write", Principal: delivery, Action: []string{"s3:PutObject"}, Resource: objects, Condition: b.ownFlowLogs("*", "logs")},
				{Sid: "Check", Principal: delivery, Action: []string{"s3:GetBucketAcl", "s3:ListBucket"}, Resource: bucket, Condition: b.ownFlowLogs("*", "logs")},
			}
		},
	}, b.in)
	if err != nil {
		return nil, err
	}
	return made.ARN.ToStringPtrOutput(), nil
}
