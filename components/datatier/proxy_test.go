package datatier_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"github.com/tandem-platform/tandem/components/datatier"
	"github.com/tandem-platform/tandem/internal/mocktest"
)

const typeProxy = "aws:rds/proxy:Proxy"

func withProxy(args *datatier.DataTierArgs) { args.Database.Proxy = true }

func TestAProxyBeforeEachMemberByOneArgument(t *testing.T) {
	require.Empty(t, run(t, mocktest.Options{}, both()).Names(typeProxy))

	rec := run(t, mocktest.Options{}, both(withProxy))
	require.Equal(t, []string{"prod-east-proxy", "prod-west-proxy"}, rec.Names(typeProxy))
	proxy := rec.Get(t, typeProxy, "prod-west-proxy").Plain()
	require.Equal(t, "POSTGRESQL", proxy["engineFamily"])
	require.Equal(t, true, proxy["requireTls"])
	require.Equal(t, "arn:aws:iam::123456789012:role/prod-west-proxy", proxy["roleArn"])
	require.Equal(t, []any{map[string]any{
		"authScheme": "SECRETS", "iamAuth": "REQUIRED",
		"secretArn": "arn:aws:secretsmanager:us-west-2:123456789012:secret:prod-east-database-AbCdEf", // the region's replica
	}}, proxy["auths"])
	target := rec.Get(t, "aws:rds/proxyTarget:ProxyTarget", "prod-west-proxy").Plain()
	require.Equal(t, "prod-west-0a1b2c3d", target["dbClusterIdentifier"])
	require.Equal(t, "READ_ONLY", rec.Get(t, "aws:rds/proxyEndpoint:ProxyEndpoint", "prod-west-proxy-readers").Plain()["targetRole"])

	outputs := rec.Get(t, "random:index/randomId:RandomId", "from-standby").Plain()["keepers"].(map[string]any)
	require.Equal(t, "prod-west-proxy.proxy-xyz.us-west-2.rds.amazonaws.com", outputs["proxyEndpoint"])
	require.Equal(t, "prod-west-proxy-readers.endpoint.proxy-xyz.us-west-2.rds.amazonaws.com", outputs["proxyReaderEndpoint"])
}

func TestTheProxyReadsOneSecretAndAdmitsTheDatabasesClients(t *testing.T) {
	rec := run(t, mocktest.Options{}, both(withProxy))
	require.JSONEq(t, `{"Version":"2012-10-17","Statement":[
		{"Effect":"Allow","Action":["secretsmanager:GetSecretValue"],"Resource":"arn:aws:secretsmanager:us-west-2:123456789012:secret:prod-east-database-AbCdEf"},
		{"Effect":"Allow","Action":["kms:Decrypt"],"Resource":"arn:aws:kms:us-west-2:123456789012:key/mrk-prod-east-secrets-key",
		 "Condition":{"StringEquals":{"kms:ViaService":"secretsmanager.us-west-2.amazonaws.com"}}}]}`,
		document(t, rec.Get(t, typeRolePolicy, "prod-west-proxy").Plain()["policy"]))
	names := rec.Names(typeIngress)
	require.Subset(t, names, []string{"prod-east-proxy-from-functions", "prod-east-proxy-from-nodes", "prod-east-database-from-proxy"})

	args := homeArgs(nil)
	args.ClientSecurityGroupIDs["proxy"] = pulumi.String("sg-other")
	require.Contains(t, refusal(t, "prod-east", args),
		`clientSecurityGroupIds[proxy]: Invalid value: "proxy": must be another name; the component has a client of its own of this one`)
}
