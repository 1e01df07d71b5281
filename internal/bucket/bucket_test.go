package bucket_test

import (
	"encoding/json"
	"testing"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/s3"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"github.com/tandem-platform/tandem/internal/bucket"
	"github.com/tandem-platform/tandem/internal/iampolicy"
	"github.com/tandem-platform/tandem/internal/mocktest"
)

const (
	bucketType     = "aws:s3/bucketV2:BucketV2"
	encryptionType = "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2"
	versioningType = "aws:s3/bucketVersioningV2:BucketVersioningV2"
	policyType     = "aws:s3/bucketPolicy:BucketPolicy"
)

func made(t *testing.T, args bucket.Args) *mocktest.Recording {
	t.Helper()
	args.Lifecycle = s3.BucketLifecycleConfigurationV2RuleArray{bucket.Expire("retention", "", 30)}
	return mocktest.MustRun(t, func(ctx *pulumi.Context) error {
		_, err := bucket.New(ctx, "logs", args)
		return err
	}, mocktest.Options{Outputs: func(typ, _ string, _ resource.PropertyMap) resource.PropertyMap {
		if typ != bucketType {
			return nil
		}
		return resource.PropertyMap{"arn": resource.NewStringProperty("arn:aws:s3:::logs")}
	}})
}

func TestABucketIsItsOwnersAloneAndReachedThroughTLS(t *testing.T) {
	rec := made(t, bucket.Args{Statements: func(bucket, objects pulumi.StringOutput) []iampolicy.Statement {
		return []iampolicy.Statement{{
			Sid: "Write", Principal: map[string]any{"Service": "delivery.logs.amazonaws.com"}, Action: []string{"s3:PutObject"}, Resource: objects,
		}}
	}})
	block := rec.Get(t, "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "logs").Plain()
	for _, property := range []string{"blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"} {
		require.Equal(t, true, block[property], property)
	}
	var policy struct{ Statement []map[string]any }
	require.NoError(t, json.Unmarshal([]byte(rec.Get(t, policyType, "logs").Plain()["policy"].(string)), &policy))
	require.Len(t, policy.Statement, 2)
	require.Equal(t, "Deny", policy.Statement[0]["Effect"])
	require.Equal(t, []any{"arn:aws:s3:::logs", "arn:aws:s3:::logs/*"}, policy.Statement[0]["Resource"])
	require.Equal(t, "arn:aws:s3:::logs/*", policy.Statement[1]["Resource"])
}

func TestOnlyABucketWithVersionsIsVersioned(t *testing.T) {
	require.Empty(t, made(t, bucket.Args{}).Names(versioningType))
	rec := made(t, bucket.Args{Versioned: true})
	require.Equal(t, map[string]any{"status": "Enabled"}, rec.Get(t, versioningType, "logs").Plain()["versioningConfiguration"])
}

func TestAKeyEncryptsWhereOneIsGiven(t *testing.T) {
	algorithm := func(args bucket.Args) any {
		rules := made(t, args).Get(t, encryptionType, "logs").Plain()["rules"].([]any)
		return rules[0].(map[string]any)["applyServerSideEncryptionByDefault"].(map[string]any)["sseAlgorithm"]
	}
	require.Equal(t, "AES256", algorithm(bucket.Args{}))
	require.Equal(t, "aws:kms", algorithm(bucket.Args{KMSKeyARN: pulumi.String("arn:aws:kms:us-east-1:123456789012:key/1")}))
}
