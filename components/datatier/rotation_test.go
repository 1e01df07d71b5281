package datatier_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"github.com/tandem-platform/tandem/components/datatier"
	"github.com/tandem-platform/tandem/internal/mocktest"
)

const (
	typeFunction       = "aws:lambda/function:Function"
	typePermission     = "aws:lambda/permission:Permission"
	typeSecretRotation = "aws:secretsmanager/secretRotation:SecretRotation"
)

func rotated(args *datatier.DataTierArgs) {
	args.Rotation = &datatier.Rotation{Code: pulumi.NewFileArchive("rotation")}
	args.ClientCIDRs = map[string]string{"elsewhere": "10.1.0.0/16"}
}

func TestHomeAloneRotatesThePassword(t *testing.T) {
	rec := run(t, mocktest.Options{}, both(rotated))
	require.Equal(t, []string{"prod-east-rotation"}, rec.Names(typeSecretRotation))
	rotation := rec.Get(t, typeSecretRotation, "prod-east-rotation")
	require.Equal(t, map[string]any{"automaticallyAfterDays": 30.0}, rotation.Plain()["rotationRules"])
	require.Equal(t, "arn:aws:secretsmanager:us-east-1:123456789012:secret:prod-east-database-AbCdEf", rotation.Plain()["secretId"])
	require.Contains(t, strings.Join(rotation.DependsOn, "\n"), typePermission+"::prod-east-rotation", "Secrets Manager has to be admitted first")
	permission := rec.Get(t, typePermission, "prod-east-rotation").Plain()
	require.Equal(t, "secretsmanager.amazonaws.com", permission["principal"])
	require.Equal(t, rotation.Plain()["secretId"], permission["sourceArn"])

	require.Empty(t, run(t, mocktest.Options{}, both()).Names(typeFunction))
}

func TestTheRotationReachesTheWriterWhereverItIs(t *testing.T) {
	rec := run(t, mocktest.Options{}, both(rotated))
	function := rec.Get(t, typeFunction, "prod-east-rotation").Plain()
	require.Equal(t, []any{"subnet-a", "subnet-b"}, function["vpcConfig"].(map[string]any)["subnetIds"])
	egress := "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
	names := slices.DeleteFunc(rec.Names(egress), func(name string) bool { return !strings.HasPrefix(name, "prod-east-rotation") })
	require.Equal(t, []string{"prod-east-rotation-to-database", "prod-east-rotation-to-elsewhere", "prod-east-rotation-to-secrets-manager"}, names)
	there := rec.Get(t, egress, "prod-east-rotation-to-elsewhere").Plain()
	require.Equal(t, "10.1.0.0/16", there["cidrIpv4"])
	require.Equal(t, 5432.0, there["toPort"])
	require.Contains(t, rec.Names(typeIngress), "prod-east-database-from-rotation")
}

func TestTheRotationMayDoWhatItDoesWithOneSecret(t *testing.T) {
	rec := run(t, mocktest.Options{}, both(rotated))
	policy := document(t, rec.Get(t, typeRolePolicy, "prod-east-rotation").Plain()["policy"])
	require.Contains(t, policy, `{"Effect":"Allow","Action":["secretsmanager:DescribeSecret","secretsmanager:GetSecretValue",`+
		`"secretsmanager:PutSecretValue","secretsmanager:UpdateSecretVersionStage"],"Resource":"arn:aws:secretsmanager:us-east-1:123456789012:secret:prod-east-database-AbCdEf"}`)
	watch := document(t, rec.Get(t, typeRolePolicy, "prod-west-rotation-watch").Plain()["policy"])
	require.Contains(t, watch, `{"Effect":"Allow","Action":["secretsmanager:ListSecretVersionIds"],`+
		`"Resource":"arn:aws:secretsmanager:us-west-2:123456789012:secret:prod-east-database-AbCdEf"}`)
	require.NotContains(t, watch, "GetSecretValue")
}

func TestEveryRegionWatchesTheAgeOfItsCopyOfThePassword(t *testing.T) {
	rec := run(t, mocktest.Options{}, both(rotated))
	require.Equal(t, []string{"prod-east-rotation", "prod-east-rotation-watch", "prod-west-rotation-watch"}, rec.Names(typeFunction))
	west := rec.Get(t, typeFunction, "prod-west-rotation-watch").Plain()
	require.Equal(t, map[string]any{"variables": map[string]any{
		"SECRET_ARN": "arn:aws:secretsmanager:us-west-2:123456789012:secret:prod-east-database-AbCdEf", "SECRET_NAME": "prod-east-database",
	}}, west["environment"])
	require.NotContains(t, west, "vpcConfig")
	require.Equal(t, "rate(6 hours)", rec.Get(t, "aws:cloudwatch/eventRule:EventRule", "prod-west-rotation-watch").Plain()["scheduleExpression"])
}

func TestARotationWithoutItsFunctionIsRefused(t *testing.T) {
	args := homeArgs(nil)
	args.Rotation = &datatier.Rotation{Days: 400}
	require.Equal(t, `data tier "prod-east": 2 problems
  rotation.code: Required value: give the zip file of the function in components/datatier/rotation
  rotation.days: Invalid value: 400: must be 1 to 365`, refusal(t, "prod-east", args))
}
