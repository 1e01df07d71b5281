package workload_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"github.com/tandem-platform/tandem/components/workload"
	"github.com/tandem-platform/tandem/internal/mocktest"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares a document with a file below testdata.
func golden(t *testing.T, name string, document any) {
	t.Helper()
	if text, ok := document.(string); ok { // a policy document is JSON within text
		require.NoError(t, json.Unmarshal([]byte(text), &document))
	}
	got, err := json.MarshalIndent(document, "", "  ")
	require.NoError(t, err)
	got = append(bytes.ReplaceAll(got, []byte(`\u003c`), []byte("<")), '\n')
	path := filepath.Join("testdata", name)
	if *update {
		require.NoError(t, os.WriteFile(path, got, 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, string(want), string(got), "if the change is meant, run the test with -update")
}

const (
	roleType        = "aws:iam/role:Role"
	rolePolicyType  = "aws:iam/rolePolicy:RolePolicy"
	associationType = "aws:eks/podIdentityAssociation:PodIdentityAssociation"
	accountType     = "kubernetes:core/v1:ServiceAccount"
	externalType    = "kubernetes:external-secrets.io/v1:ExternalSecret"
	storeType       = "kubernetes:external-secrets.io/v1:SecretStore"
)

// withIdentity are arguments with permissions and a cluster to give them.
func withIdentity() *workload.WorkloadArgs {
	a := args()
	a.ClusterName = pulumi.String("prod-east")
	a.OIDCProviderARN = pulumi.String("arn:aws:iam::123456789012:oidc-provider/oidc.eks.us-east-1.amazonaws.com/id/ABC")
	a.OIDCIssuer = pulumi.String("https://oidc.eks.us-east-1.amazonaws.com/id/ABC")
	a.Region = "us-east-1"
	a.Permissions = []workload.Statement{
		{
			Actions:   []string{"dynamodb:GetItem", "dynamodb:PutItem"},
			Resources: pulumi.StringArray{pulumi.String("arn:aws:dynamodb:us-east-1:123456789012:table/sessions")},
		},
		{
			Actions:    []string{"kms:Decrypt"},
			Resources:  pulumi.StringArray{pulumi.String("arn:aws:kms:us-east-1:123456789012:key/mrk-1")},
			Conditions: map[string]map[string][]string{"StringEquals": {"kms:ViaService": {"dynamodb.us-east-1.amazonaws.com"}}},
		},
	}
	return a
}

func TestPodsHaveARoleThatNoOtherPodCanTakeOn(t *testing.T) {
	rec := run(t, false, withIdentity())
	golden(t, "pod-identity-trust.json", rec.Get(t, roleType, "shop").Plain()["assumeRolePolicy"])
	golden(t, "permissions.json", rec.Get(t, rolePolicyType, "shop").Plain()["policy"])
	association := rec.Get(t, associationType, "shop").Plain()
	require.Equal(t, "prod-east", association["clusterName"])
	require.Equal(t, "shop", association["namespace"])
	require.Equal(t, "shop", association["serviceAccount"])
	require.Equal(t, "arn:aws:iam:::shop", association["roleArn"])
	// Pods get the role only if they start after the association.
	require.Contains(t, rec.Get(t, deploymentType, "shop").DependsOn, urn(associationType, "shop"))
	require.Contains(t, rec.Get(t, deploymentType, "shop").DependsOn, urn(rolePolicyType, "shop"))
}

func TestWithIRSATheServiceAccountNamesTheRole(t *testing.T) {
	a := withIdentity()
	a.Identity = workload.IRSA
	rec := run(t, false, a)
	golden(t, "irsa-trust.json", rec.Get(t, roleType, "shop").Plain()["assumeRolePolicy"])
	require.Equal(t, map[string]any{"eks.amazonaws.com/role-arn": "arn:aws:iam:::shop"},
		at(t, rec.Get(t, accountType, "shop").Plain(), "metadata.annotations"))
	require.Empty(t, rec.Names(associationType))
}

func TestWithoutPermissionsThereIsNoRole(t *testing.T) {
	rec := run(t, false, args())
	require.Empty(t, rec.Names(roleType))
	require.Empty(t, rec.Names(associationType))
}

func withSecrets() *workload.WorkloadArgs {
	a := withIdentity()
	a.Permissions = nil
	a.Secrets = map[string]workload.Secret{
		"DATABASE_PASSWORD": {
			ARN:       pulumi.String("arn:aws:secretsmanager:us-east-1:123456789012:secret:database-AbCdEf"),
			Property:  "password",
			KMSKeyARN: pulumi.String("arn:aws:kms:us-east-1:123456789012:key/mrk-2"),
		},
		"API_TOKEN": {ARN: pulumi.String("arn:aws:secretsmanager:us-east-1:123456789012:secret:token-GhIjKl")},
	}
	return a
}

func TestSecretsAreReadByAStoreOfTheNamespaceAlone(t *testing.T) {
	rec := run(t, false, withSecrets())
	golden(t, "secrets-trust.json", rec.Get(t, roleType, "shop-secrets").Plain()["assumeRolePolicy"])
	golden(t, "secrets-policy.json", rec.Get(t, rolePolicyType, "shop-secrets").Plain()["policy"])
	golden(t, "secret-store.json", at(t, rec.Get(t, storeType, "shop-store").Plain(), "spec"))
	golden(t, "external-secret.json", at(t, rec.Get(t, externalType, "shop-secrets").Plain(), "spec"))
	require.Equal(t, map[string]any{"eks.amazonaws.com/role-arn": "arn:aws:iam:::shop-secrets"},
		at(t, rec.Get(t, accountType, "shop-secrets").Plain(), "metadata.annotations"))
	require.Contains(t, rec.Get(t, deploymentType, "shop").DependsOn, urn(externalType, "shop-secrets"))
	require.NotContains(t, rec.Names(roleType), "shop", "the pods themselves may read no secret")
}

func TestPodsNameTheirSecretsAndNobodyElseHasTheValues(t *testing.T) {
	rec := run(t, false, withSecrets())
	env := at(t, rec.Get(t, deploymentType, "shop").Plain(), "spec.template.spec.containers.env").([]any)
	require.Equal(t, []any{
		map[string]any{"name": "API_TOKEN", "valueFrom": map[string]any{"secretKeyRef": map[string]any{"name": "shop", "key": "API_TOKEN"}}},
		map[string]any{"name": "DATABASE_PASSWORD", "valueFrom": map[string]any{"secretKeyRef": map[string]any{"name": "shop", "key": "DATABASE_PASSWORD"}}},
	}, env)
	require.Empty(t, rec.Names("kubernetes:core/v1:Secret"))
	require.Empty(t, rec.Calls, "no look-up of a secret's value")
}

func TestWhoMayCall(t *testing.T) {
	a := args()
	golden(t, "network-policy.json", at(t, run(t, false, a).Get(t, policyType, "shop").Plain(), "spec"))
	a.Callers = []workload.Caller{{Namespace: "orders", Name: "orders"}, {Namespace: "monitoring"}, {CIDR: "10.8.0.0/16"}}
	golden(t, "network-policy-callers.json", at(t, run(t, false, a).Get(t, policyType, "shop").Plain(), "spec"))
}

func TestAPreviewKnowsNoMoreThanItCan(t *testing.T) {
	for _, a := range []*workload.WorkloadArgs{withIdentity(), withSecrets()} {
		up, preview := run(t, false, a), mocktest.MustRun(t, program(a), mocktest.Options{Preview: true})
		require.Equal(t, up.Types(), preview.Types())
	}
}
