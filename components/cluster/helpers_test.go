package cluster_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	awseks "github.com/pulumi/pulumi-aws/sdk/v6/go/aws/eks"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"github.com/tandem-platform/tandem/components/cluster"
	"github.com/tandem-platform/tandem/internal/mocktest"
)

const (
	clusterType  = "eks:index:Cluster"
	nodeType     = "aws:eks/nodeGroup:NodeGroup"
	addonType    = "aws:eks/addon:Addon"
	templateType = "aws:ec2/launchTemplate:LaunchTemplate"
	roleType     = "aws:iam/role:Role"
	policyType   = "aws:iam/rolePolicy:RolePolicy"
	attachedType = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
	identityType = "aws:eks/podIdentityAssociation:PodIdentityAssociation"
	releaseType  = "kubernetes:helm.sh/v3:Release"
)

var update = flag.Bool("update", false, "write the golden files")

// args returns arguments that are valid, to be changed by a test.
func args() *cluster.ClusterArgs {
	return &cluster.ClusterArgs{
		Region:    "us-west-2",
		AccountID: "123456789012",
		VPCID:     pulumi.String("vpc-1"),
		SubnetIDs: pulumi.ToStringArray([]string{"subnet-1", "subnet-2"}),
	}
}

// run makes a cluster. In the place of pulumi-eks's own children, which only its
// Node component makes, the program registers the one that outputs refer to.
func run(t *testing.T, preview bool, a *cluster.ClusterArgs) *mocktest.Recording {
	t.Helper()
	rec, err := try(preview, a)
	require.NoError(t, err)
	return rec
}

func try(preview bool, a *cluster.ClusterArgs) (*mocktest.Recording, error) {
	const eksURN = "urn:pulumi:test::tandem::aws:eks/cluster:Cluster::made-by-pulumi-eks"
	object := func(m map[string]any) resource.PropertyValue {
		return resource.NewObjectProperty(resource.NewPropertyMapFromMap(m))
	}
	return mocktest.Run(func(ctx *pulumi.Context) error {
		made, err := awseks.NewCluster(ctx, "made-by-pulumi-eks", &awseks.ClusterArgs{
			RoleArn: pulumi.String("arn"), VpcConfig: awseks.ClusterVpcConfigArgs{SubnetIds: pulumi.StringArray{}},
		})
		if err != nil {
			return err
		}
		if a.VPCID != nil { // has the component's cluster wait until the one that it refers to is there
			a.VPCID = made.ID().ApplyT(func(pulumi.ID) string { return "vpc-1" }).(pulumi.StringOutput)
		}
		_, err = cluster.NewCluster(ctx, "c", a)
		return err
	}, mocktest.Options{
		Preview: preview,
		Outputs: func(typ, name string, _ resource.PropertyMap) resource.PropertyMap {
			switch typ {
			case clusterType:
				return resource.PropertyMap{"eksCluster": resource.MakeCustomResourceReference(eksURN, "made-by-pulumi-eks-id", "")}
			case "aws:eks/cluster:Cluster":
				return resource.PropertyMap{
					"name":                 resource.NewStringProperty("c"),
					"endpoint":             resource.NewStringProperty("https://c.eks.amazonaws.com"),
					"certificateAuthority": object(map[string]any{"data": "Q0E="}),
					"identities": resource.NewArrayProperty([]resource.PropertyValue{
						object(map[string]any{"oidcs": []any{map[string]any{"issuer": "https://oidc.eks.us-west-2.amazonaws.com/id/1"}}}),
					}),
					"vpcConfig": object(map[string]any{"clusterSecurityGroupId": "sg-1", "subnetIds": []any{"subnet-1"}}),
				}
			case templateType:
				return resource.PropertyMap{"latestVersion": resource.NewNumberProperty(7)}
			case "aws:iam/instanceProfile:InstanceProfile", "aws:sqs/queue:Queue", "aws:cloudwatch/eventRule:EventRule", roleType:
				return resource.PropertyMap{"name": resource.NewStringProperty(name + "-name")}
			}
			return nil
		},
	})
}

// golden compares a document with testdata/NAME, as JSON.
func golden(t *testing.T, name string, document any) {
	t.Helper()
	text, ok := document.(string)
	if ok {
		require.NoError(t, json.Unmarshal([]byte(text), &document))
	}
	var buffer bytes.Buffer
	encoder := json.NewEncoder(&buffer)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	require.NoError(t, encoder.Encode(document))
	file := filepath.Join("testdata", name+".json")
	if *update {
		require.NoError(t, os.MkdirAll("testdata", 0o755))
		require.NoError(t, os.WriteFile(file, buffer.Bytes(), 0o644))
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, string(want), buffer.String(), "if the change is meant, run the test with -update")
}

// waitsFor says whether a resource depends on another one, TYPE::NAME.
func waitsFor(t *testing.T, rec *mocktest.Recording, typ, name, other string) {
	t.Helper()
	for _, urn := range rec.Get(t, typ, name).DependsOn {
		if strings.HasSuffix(urn, "$"+other) || strings.HasSuffix(urn, "::"+other) {
			return
		}
	}
	t.Errorf("%s does not wait for %s, but for %v", name, other, rec.Get(t, typ, name).DependsOn)
}
