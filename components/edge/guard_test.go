package edge_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"github.com/tandem-platform/tandem/internal/mocktest"
)

const (
	protectionType = "aws:shield/protection:Protection"
	signingType    = "aws:route53/keySigningKey:KeySigningKey"
	dnssecType     = "aws:route53/hostedZoneDnsSec:HostedZoneDnsSec"
	deliveryType   = "aws:cloudwatch/logDelivery:LogDelivery"
)

func TestShieldAdvancedProtectsWhatTheInternetReaches(t *testing.T) {
	args := home()
	args.ShieldAdvanced = true
	rec := run(t, "prod-east", args)
	require.Equal(t, []string{"prod-east-alb", "prod-east-cdn", "prod-east-zone"}, rec.Names(protectionType))
	require.Equal(t, "arn:aws:route53:::hostedzone/prod-east-zone-id", rec.Get(t, protectionType, "prod-east-zone").Plain()["resourceArn"])
	args = standby()
	args.ShieldAdvanced = true
	require.Equal(t, []string{"prod-west-alb"}, run(t, "prod-west", args).Names(protectionType))
	require.Empty(t, run(t, "prod-east", home()).Names(protectionType))
}

func TestTheZoneIsSignedOnRequest(t *testing.T) {
	args := home()
	args.Global.DNSSEC = true
	rec := run(t, "prod-east", args)
	key := rec.Get(t, "aws:kms/key:Key", "prod-east-dnssec")
	require.Subset(t, key.Plain(), map[string]any{"customerMasterKeySpec": "ECC_NIST_P256", "keyUsage": "SIGN_VERIFY"})
	policy := mocktest.PolicyStatements(t, key.Plain()["policy"])
	require.Len(t, policy, 3, "nobody but Route 53 signs")
	require.Contains(t, policy, "Administration")
	require.JSONEq(t, `{"Sid":"Sign","Effect":"Allow","Principal":{"Service":"dnssec-route53.amazonaws.com"},"Resource":"*",
		"Action":["kms:DescribeKey","kms:GetPublicKey","kms:Sign"],"Condition":{"StringEquals":{"aws:SourceAccount":"123456789012"}}}`, policy["Sign"])
	require.JSONEq(t, `{"Sid":"Grant","Effect":"Allow","Principal":{"Service":"dnssec-route53.amazonaws.com"},"Resource":"*","Action":["kms:CreateGrant"],
		"Condition":{"StringEquals":{"aws:SourceAccount":"123456789012"},"Bool":{"kms:GrantIsForAWSResource":"true"}}}`, policy["Grant"])
	require.True(t, key.Protect && key.RetainOnDelete, "without it the zone answers nobody who checks")
	signing := rec.Get(t, signingType, "prod-east-dnssec").Plain()
	require.Subset(t, signing, map[string]any{"hostedZoneId": "prod-east-zone-id", "keyManagementServiceArn": "arn:aws:kms:::prod-east-dnssec"})
	require.Equal(t, "prod-east-zone-id", rec.Get(t, dnssecType, "prod-east-dnssec").Plain()["hostedZoneId"])
	require.Empty(t, run(t, "prod-east", home()).Names(signingType))
}

func TestAlarmsDecideOverTheRegionToo(t *testing.T) {
	args := standby()
	args.RequireAlarms = map[string]pulumi.StringInput{"errors": pulumi.String("prod-west-alb-errors")}
	args.AlsoRequire = []pulumi.StringInput{pulumi.String("other")}
	rec := run(t, "prod-west", args)
	require.Subset(t, rec.Get(t, healthType, "prod-west-alarm-errors").Plain(), map[string]any{
		"type": "CLOUDWATCH_METRIC", "cloudwatchAlarmName": "prod-west-alb-errors", "cloudwatchAlarmRegion": "us-west-2",
		"insufficientDataHealthStatus": "LastKnownStatus",
	})
	require.Subset(t, rec.Get(t, healthType, "prod-west-region").Plain(), map[string]any{
		"type": "CALCULATED", "childHealthThreshold": 3.0, "childHealthchecks": []any{"prod-west-endpoint-id", "other", "prod-west-alarm-errors-id"},
	})
	require.Equal(t, "prod-west-region-id", rec.Get(t, recordType, "prod-west-origin").Plain()["healthCheckId"])

	args.RequireAlarms = map[string]pulumi.StringInput{"Errors": nil}
	err := args.Validate("prod-west")
	require.ErrorContains(t, err, `requireAlarms[Errors]: Invalid value: "Errors": must be a lower-case word that names the alarm, such as errors`)
	require.ErrorContains(t, err, `requireAlarms[Errors]: Required value: give the name of an alarm of the region`)
}

func TestCloudFrontLogsRequestsWithoutWhatSessionsAreIn(t *testing.T) {
	rec := run(t, "prod-east", home())
	delivery := rec.Get(t, deliveryType, "prod-east-cdn").Plain()
	for _, secret := range []string{"cs(Cookie)", "cs-uri-query", "cs(Referer)"} {
		require.NotContains(t, delivery["recordFields"], secret)
	}
	require.Contains(t, delivery["recordFields"], "sc-status")
	require.Equal(t, map[string]any{"destinationResourceArn": "arn:aws:s3:::prod-east-logs-id"},
		rec.Get(t, "aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination", "prod-east-cdn").Plain()["deliveryDestinationConfiguration"])
	require.Contains(t, rec.Get(t, policyType, "prod-east-logs").Plain()["policy"], `/AWSLogs/123456789012/CloudFront/*`)
	require.Empty(t, run(t, "prod-west", standby()).Names(deliveryType))
}
