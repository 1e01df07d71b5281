package main

import (
	"bufio"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/protobuf/types/known/structpb"
)

// asPack makes the test binary run as the pack, so that the tests talk to it as
// the engine does: to a process of its own.
const asPack = "TANDEM_TEST_RUN_AS_PACK"

func TestMain(m *testing.M) {
	if os.Getenv(asPack) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// start starts the pack and does what the engine does before an update.
func start(t *testing.T) pulumirpc.AnalyzerClient {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "127.0.0.1:1")
	cmd.Env = append(os.Environ(), asPack+"=1")
	cmd.Stderr = os.Stderr
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	port, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	conn, err := grpc.NewClient("127.0.0.1:"+strings.TrimSpace(port), grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	client := pulumirpc.NewAnalyzerClient(conn)
	if _, err := client.Handshake(t.Context(), &pulumirpc.AnalyzerHandshakeRequest{EngineAddress: "127.0.0.1:1"}); err != nil {
		t.Fatal(err)
	}
	if _, err := client.ConfigureStack(t.Context(), &pulumirpc.AnalyzerStackConfigureRequest{Stack: "test", Project: "test", DryRun: true}); err != nil {
		t.Fatal(err)
	}
	return client
}

func wire(t *testing.T, properties resource.PropertyMap) *structpb.Struct {
	t.Helper()
	s, err := plugin.MarshalProperties(properties, plugin.MarshalOptions{KeepUnknowns: true, KeepSecrets: true})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// cluster has everything that the pack asks of a cluster.
var cluster = resource.PropertyMap{
	"storageEncrypted":                 resource.NewProperty(true),
	"iamDatabaseAuthenticationEnabled": resource.NewProperty(true),
	"enabledCloudwatchLogsExports":     resource.NewProperty([]resource.PropertyValue{resource.NewProperty("postgresql")}),
}

// clusterWith is the cluster with another value for its encryption.
func clusterWith(encrypted resource.PropertyValue) resource.PropertyMap {
	changed := cluster.Copy()
	changed["storageEncrypted"] = encrypted
	return changed
}

func without(m resource.PropertyMap, key resource.PropertyKey) resource.PropertyMap {
	changed := m.Copy()
	delete(changed, key)
	return changed
}

var unknown = resource.MakeComputed(resource.NewProperty(""))

const (
	clusterType = "aws:rds/cluster:Cluster"
	bucketType  = "aws:s3/bucketV2:BucketV2"
	blockType   = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
	sseType     = "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2"
)

func urn(typ, name string) string { return "urn:pulumi:test::test::" + typ + "::" + name }

// analyze returns the ids of the policies that a resource violates.
func analyze(t *testing.T, client pulumirpc.AnalyzerClient, typ string, inputs, provider resource.PropertyMap) []string {
	t.Helper()
	response, err := client.Analyze(t.Context(), &pulumirpc.AnalyzeRequest{
		Type: typ, Urn: urn(typ, "it"), Name: "it", Properties: wire(t, inputs),
		Provider: &pulumirpc.AnalyzerProviderResource{
			Type: "pulumi:providers:aws", Urn: urn("pulumi:providers:aws", "aws"), Name: "aws", Properties: wire(t, provider),
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return violated(t, response)
}

// violated returns the ids of the policies in a response, all of which must be
// mandatory and say something.
func violated(t *testing.T, response *pulumirpc.AnalyzeResponse) []string {
	t.Helper()
	var ids []string
	for _, d := range response.Diagnostics {
		if d.EnforcementLevel != pulumirpc.EnforcementLevel_MANDATORY || d.Message == "" || d.Urn == "" {
			t.Errorf("diagnostic %+v", d)
		}
		ids = append(ids, d.PolicyName)
	}
	slices.Sort(ids)
	return ids
}

func TestPackAnalysesKnownUnknownAndMissingValues(t *testing.T) {
	client := start(t)
	for name, c := range map[string]struct {
		typ    string
		inputs resource.PropertyMap
		want   []string
	}{
		"a good value":   {clusterType, cluster, nil},
		"a bad value":    {clusterType, clusterWith(resource.NewProperty(false)), []string{"rds-cluster-encrypted"}},
		"an unknown":     {clusterType, clusterWith(unknown), nil},
		"a secret":       {clusterType, clusterWith(resource.MakeSecret(resource.NewProperty(true))), nil},
		"nothing":        {clusterType, without(cluster, "storageEncrypted"), []string{"rds-cluster-encrypted"}},
		"two violations": {clusterType, without(clusterWith(resource.NewProperty(false)), "iamDatabaseAuthenticationEnabled"), []string{"rds-cluster-encrypted", "rds-cluster-iam-authentication"}},
		"another type":   {"random:index/randomId:RandomId", resource.PropertyMap{}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			if got := analyze(t, client, c.typ, c.inputs, resource.PropertyMap{}); !slices.Equal(got, c.want) {
				t.Errorf("violated %q, want %q", got, c.want)
			}
		})
	}
}

func TestPackAnalysesAStackThatIsNotThereYet(t *testing.T) {
	client := start(t)
	bucket := func(name string) *pulumirpc.AnalyzerResource {
		return &pulumirpc.AnalyzerResource{Type: bucketType, Urn: urn(bucketType, name), Name: name, Properties: wire(t, resource.PropertyMap{"bucket": unknown})}
	}
	companion := func(typ, name, of string) *pulumirpc.AnalyzerResource {
		return &pulumirpc.AnalyzerResource{
			Type: typ, Urn: urn(typ, name), Name: name, Properties: wire(t, resource.PropertyMap{"bucket": unknown}),
			PropertyDependencies: map[string]*pulumirpc.AnalyzerPropertyDependencies{"bucket": {Urns: []string{urn(bucketType, of)}}},
		}
	}
	response, err := client.AnalyzeStack(t.Context(), &pulumirpc.AnalyzeStackRequest{Resources: []*pulumirpc.AnalyzerResource{
		bucket("whole"), companion(blockType, "whole", "whole"), companion(sseType, "whole", "whole"),
		bucket("open"), companion(sseType, "open", "open"),
	}})
	if err != nil {
		t.Fatal(err)
	}
	if got := violated(t, response); !slices.Equal(got, []string{"s3-public-access-block-present"}) {
		t.Errorf("violated %q", got)
	}
	if got := response.Diagnostics[0].Urn; got != urn(bucketType, "open") {
		t.Errorf("violated by %s", got)
	}
}

// A pack that needed a generated SDK would take minutes to build.
func TestPackImportsNoGeneratedSDK(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", ".").Output()
	if err != nil {
		t.Fatal(err)
	}
	for path := range strings.Lines(string(out)) {
		if strings.HasPrefix(path, "github.com/pulumi/pulumi-") {
			t.Errorf("the pack imports %s", strings.TrimSpace(path))
		}
	}
}
