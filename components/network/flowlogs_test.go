package network_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"github.com/tandem-platform/tandem/components/network"
	"github.com/tandem-platform/tandem/internal/mocktest"
)

const typeFlowLog = "aws:ec2/flowLog:FlowLog"

func TestFlowLogsOfAllTrafficInCloudWatch(t *testing.T) {
	rec := run(t, mocktest.Options{}, &network.NetworkArgs{CIDR: "10.0.0.0/16", Zones: zones, FlowLogs: network.FlowLogs{RetentionDays: 30}})
	require.Subset(t, rec.Get(t, typeFlowLog, "net-flow-logs").Plain(), map[string]any{
		"trafficType": "ALL", "vpcId": "net-vpc-id", "logDestinationType": "cloud-watch-logs", "maxAggregationInterval": 60.0,
		"logDestination": "arn:aws:cloudwatch:::net-flow-logs", "iamRoleArn": "arn:aws:iam:::net-flow-logs",
	})
	group := rec.Get(t, "aws:cloudwatch/logGroup:LogGroup", "net-flow-logs")
	require.Subset(t, group.Plain(), map[string]any{"retentionInDays": 30.0, "kmsKeyId": "arn:aws:kms:::net-flow-logs"})
	require.True(t, group.RetainOnDelete)
	key := rec.Get(t, "aws:kms/key:Key", "net-flow-logs")
	require.True(t, key.RetainOnDelete)
	require.Equal(t, true, key.Plain()["enableKeyRotation"])
	golden(t, "flow-logs-key.json", key.Plain()["policy"].(string))
	golden(t, "flow-logs-trust.json", rec.Get(t, "aws:iam/role:Role", "net-flow-logs").Plain()["assumeRolePolicy"].(string))
	golden(t, "flow-logs-role.json", rec.Get(t, "aws:iam/rolePolicy:RolePolicy", "net-flow-logs").Plain()["policy"].(string))
}

func TestFlowLogsInABucketThatOnlyTheLogServiceWrites(t *testing.T) {
	rec := run(t, mocktest.Options{}, &network.NetworkArgs{CIDR: "10.0.0.0/16", Zones: zones, AllowDestroy: true, FlowLogs: network.FlowLogs{
		Destination: network.FlowLogsToS3, RetentionDays: 400, IntervalSeconds: 600, Format: "${srcaddr}  ${pkt-srcaddr}",
	}})
	in := rec.Get(t, typeFlowLog, "net-flow-logs").Plain()
	require.Subset(t, in, map[string]any{
		"logDestinationType": "s3", "logDestination": "arn:aws:s3:::net-flow-logs-id", "maxAggregationInterval": 600.0,
		"logFormat": "${srcaddr} ${pkt-srcaddr}",
	})
	require.NotContains(t, in, "iamRoleArn")
	require.Equal(t, map[string]any{"fileFormat": "parquet", "hiveCompatiblePartitions": true, "perHourPartition": true}, in["destinationOptions"])
	require.Empty(t, rec.Names("aws:cloudwatch/logGroup:LogGroup"))
	require.Empty(t, rec.Names("aws:iam/role:Role"))
	golden(t, "flow-logs-s3-key.json", rec.Get(t, "aws:kms/key:Key", "net-flow-logs-s3").Plain()["policy"].(string))
	golden(t, "flow-logs-bucket.json", rec.Get(t, "aws:s3/bucketPolicy:BucketPolicy", "net-flow-logs").Plain()["policy"].(string))
	rule := rec.Get(t, "aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2", "net-flow-logs").Plain()["rules"].([]any)[0]
	require.Equal(t, map[string]any{"days": 400.0}, rule.(map[string]any)["expiration"])
	bucket := rec.Get(t, "aws:s3/bucketV2:BucketV2", "net-flow-logs")
	require.False(t, bucket.RetainOnDelete)
	require.Equal(t, true, bucket.Plain()["forceDestroy"])
}

func TestFlowLogsInABucketThatExists(t *testing.T) {
	rec := run(t, mocktest.Options{}, &network.NetworkArgs{CIDR: "10.0.0.0/16", Zones: zones, FlowLogs: network.FlowLogs{
		Destination: network.FlowLogsToS3, BucketARN: pulumi.String("arn:aws:s3:::archive"),
	}})
	require.Equal(t, "arn:aws:s3:::archive", rec.Get(t, typeFlowLog, "net-flow-logs").Plain()["logDestination"])
	require.Empty(t, rec.Names("aws:s3/bucketV2:BucketV2"))
	require.Empty(t, rec.Names("aws:kms/key:Key"))
}
