package recovery

import (
	_ "embed"
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/s3"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/synthetics"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/tandem-platform/tandem/internal/bucket"
	"github.com/tandem-platform/tandem/internal/iampolicy"
)

// canaryScript asks the endpoint in the variable URL. It uses nothing of the
// runtime's own, so it outlives runtimes.
//
//go:embed canary.js
var canaryScript string

// artifacts is where the canary's results go in its bucket, artifactDays how long
// they stay.
const (
	artifacts    = "results"
	artifactDays = 31
)

// makeCanary makes the canary that asks the other region from this one, by
// another way than the machines' probes.
func (b *builder) makeCanary() (err error) {
	name := b.name + "-canary"
	if b.files, err = bucket.New(b.ctx, name, bucket.Args{
		KMSKeyARN: b.keyARN, Versioned: true, AllowDestroy: b.args.AllowDestroy,
		Lifecycle: s3.BucketLifecycleConfigurationV2RuleArray{
			bucket.ExpireVersions(artifactDays), bucket.Expire(artifacts, artifacts+"/", artifactDays),
		},
	}, b.in); err != nil {
		return err
	}
	script, err := s3.NewBucketObjectv2(b.ctx, name, &s3.BucketObjectv2Args{
		Bucket: b.files.Name,
		Key:    pulumi.String("canary.zip"),
		Source: pulumi.NewAssetArchive(map[string]any{"nodejs/node_modules/canary.js": pulumi.NewStringAsset(canaryScript)}),
	}, b.in)
	if err != nil {
		return err
	}
	role, err := b.makeCanaryRole(name)
	if err != nil {
		return err
	}
	canary, err := synthetics.NewCanary(b.ctx, name, &synthetics.CanaryArgs{
		ExecutionRoleArn: role.Arn,
		RuntimeVersion:   pulumi.String(b.args.CanaryRuntime),
		Handler:          pulumi.String("canary.handler"),
		S3Bucket:         b.files.Name,
		S3Key:            script.Key,
		S3Version:        script.VersionId,
		Schedule:         &synthetics.CanaryScheduleArgs{Expression: pulumi.String("rate(1 minute)")},
		RunConfig: &synthetics.CanaryRunConfigArgs{
			TimeoutInSeconds:     pulumi.Int(50),
			EnvironmentVariables: pulumi.StringMap{"URL": pulumi.String(b.args.url(b.args.Other.RegionalName))},
		},
		ArtifactS3Location: pulumi.Sprintf("s3://%s/%s", b.files.Name, artifacts),
		ArtifactConfig: &synthetics.CanaryArtifactConfigArgs{S3Encryption: &synthetics.CanaryArtifactConfigS3EncryptionArgs{
			EncryptionMode: pulumi.String("SSE_KMS"), KmsKeyArn: b.keyARN,
		}},
		StartCanary:            pulumi.Bool(true),
		DeleteLambda:           pulumi.Bool(true),
		SuccessRetentionPeriod: pulumi.Int(31),
		FailureRetentionPeriod: pulumi.Int(31),
		Tags:                   tags(name),
	}, b.in)
	if err != nil {
		return err
	}
	b.canaryName = canary.Name
	return nil
}

func (b *builder) makeCanaryRole(name string) (*iam.Role, error) {
	role, err := iam.NewRole(b.ctx, name, &iam.RoleArgs{
		Description:      pulumi.String("Runs the canary " + name),
		AssumeRolePolicy: iampolicy.Trust("lambda.amazonaws.com"),
	}, b.in)
	if err != nil {
		return nil, err
	}
	logs := fmt.Sprintf("arn:aws:logs:%s:%s:log-group:/aws/lambda/cwsyn-%s-*", b.args.Region, b.args.AccountID, name)
	_, err = iam.NewRolePolicy(b.ctx, name, &iam.RolePolicyArgs{
		Role: role.Name,
		Policy: iampolicy.JSON(
			iampolicy.Statement{Sid: "Results", Action: []string{"s3:PutObject"}, Resource: pulumi.Sprintf("%s/%s/*", b.files.ARN, artifacts)},
			iampolicy.Statement{Sid: "Bucket", Action: []string{"s3:GetBucketLocation"}, Resource: b.files.ARN},
			iampolicy.Statement{Sid: "Key", Action: []string{"kms:Decrypt", "kms:GenerateDataKey"}, Resource: b.keyARN},
			iampolicy.Statement{Sid: "Log", Action: []string{"logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"}, Resource: []string{logs, logs + ":*"}},
			// Neither action knows a resource.
			iampolicy.Statement{Sid: "Buckets", Action: []string{"s3:ListAllMyBuckets"}, Resource: "*"},
			iampolicy.Statement{Sid: "Metrics", Action: []string{"cloudwatch:PutMetricData"}, Resource: "*", Condition: map[string]any{
				"StringEquals": map[string]any{"cloudwatch:namespace": "CloudWatchSynthetics"},
			}},
		),
	}, b.in)
	return role, err
}
