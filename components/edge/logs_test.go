package edge_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"github.com/tandem-platform/tandem/internal/mocktest"
)

const (
	bucketType  = "aws:s3/bucketV2:BucketV2"
	policyType  = "aws:s3/bucketPolicy:BucketPolicy"
	groupType   = "aws:cloudwatch/logGroup:LogGroup"
	loggingType = "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration"
)

func TestTheLoadBalancerLogsToABucketThatItAloneWritesTo(t *testing.T) {
	rec := run(t, "prod-west", standby())
	balancer := rec.Get(t, balancerType, "prod-west-alb").Plain()
	for _, logs := range []string{"accessLogs", "connectionLogs"} {
		require.Equal(t, map[string]any{"bucket": "prod-west-logs-id", "prefix": "prod-west", "enabled": true}, balancer[logs])
	}
	require.True(t, rec.Get(t, bucketType, "prod-west-logs").RetainOnDelete)
	var policy struct{ Statement []map[string]any }
	require.NoError(t, json.Unmarshal([]byte(rec.Get(t, policyType, "prod-west-logs").Plain()["policy"].(string)), &policy))
	require.Len(t, policy.Statement, 2)
	require.Equal(t, "Deny", policy.Statement[0]["Effect"])
	require.Equal(t, map[string]any{
		"Sid": "LoadBalancer", "Effect": "Allow", "Principal": map[string]any{"Service": "logdelivery.elasticloadbalancing.amazonaws.com"},
		"Action": []any{"s3:PutObject"}, "Resource": "arn:aws:s3:::prod-west-logs/prod-west/AWSLogs/123456789012/*",
	}, policy.Statement[1])
}

func TestABucketThatIsGivenIsLoggedTo(t *testing.T) {
	args := standby()
	args.LogBucket = pulumi.String("everybodys-logs")
	rec := run(t, "prod-west", args)
	require.Empty(t, rec.Names(bucketType))
	require.Equal(t, "everybodys-logs", rec.Get(t, balancerType, "prod-west-alb").Plain()["accessLogs"].(map[string]any)["bucket"])
}

func TestWebACLsLogWhatTheyDidNotLetThroughAndNoCredentials(t *testing.T) {
	args := home()
	args.WebACL = true
	args.LogRetentionDays = 30
	rec := run(t, "prod-east", args)
	require.Equal(t, []string{"prod-east-alb-web-acl-logs", "prod-east-web-acl-logs"}, rec.Names(loggingType))
	for _, name := range rec.Names(loggingType) {
		group := rec.Get(t, groupType, name).Plain()
		require.Regexp(t, "^aws-waf-logs-prod-east", group["name"], "WAF takes no other")
		require.EqualValues(t, 30, group["retentionInDays"])
		require.Equal(t, "arn:aws:kms:::"+name, group["kmsKeyId"])
		policy := mocktest.PolicyStatements(t, rec.Get(t, "aws:kms/key:Key", name).Plain()["policy"])
		require.Len(t, policy, 2, "CloudWatch Logs alone encrypts and decrypts")
		require.Contains(t, policy["Logs"], fmt.Sprintf("arn:aws:logs:us-east-1:123456789012:log-group:%s\"", group["name"]))
		logging := rec.Get(t, loggingType, name).Plain()
		require.Equal(t, []any{
			map[string]any{"queryString": map[string]any{}},
			map[string]any{"singleHeader": map[string]any{"name": "authorization"}},
			map[string]any{"singleHeader": map[string]any{"name": "cookie"}},
		}, logging["redactedFields"])
		filter := logging["loggingFilter"].(map[string]any)
		require.Equal(t, "DROP", filter["defaultBehavior"])
		require.NotContains(t, filter["filters"], "ALLOW")
	}
}
