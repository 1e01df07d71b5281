package contract

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"sigs.k8s.io/yaml"

	"github.com/tandem-platform/tandem/sandbox/apiserver"
	"github.com/tandem-platform/tandem/sandbox/cloud"
	"github.com/tandem-platform/tandem/sandbox/cloud/kube"
	"github.com/tandem-platform/tandem/sandbox/contract/differential"
)

// shared is the API server of this package's tests; starting one takes seconds.
var shared struct {
	sync.Once
	server *apiserver.Server
	dir    string
	err    error
}

func TestMain(m *testing.M) {
	code := m.Run()
	if shared.server != nil {
		if err := errors.Join(shared.server.Close(), os.RemoveAll(shared.dir)); err != nil {
			panic(err)
		}
	}
	os.Exit(code)
}

func binaries(t *testing.T) apiserver.Binaries {
	t.Helper()
	if testing.Short() {
		t.Skip("builds and runs an API server")
	}
	b, err := apiserver.Find(t.Context(), "../..")
	require.NoError(t, err)
	return b
}

// server is an API server that has one object of every kind.
func server(t *testing.T) *apiserver.Server {
	t.Helper()
	b := binaries(t)
	shared.Do(func() {
		if shared.dir, shared.err = os.MkdirTemp("", "contract"); shared.err != nil {
			return
		}
		ctx := context.Background() // it outlives this test
		if shared.server, shared.err = apiserver.Start(ctx, b, shared.dir); shared.err != nil {
			return
		}
		for _, o := range examples(t) {
			if o.kind.Custom {
				require.NoError(t, shared.server.Define(ctx, o.kind))
			}
			_, err := shared.server.Apply(ctx, o.kind, o.doc, apiserver.Options{})
			require.NoError(t, err, o.kind.Name)
		}
	})
	require.NoError(t, shared.err)
	require.NotNil(t, shared.server, "an earlier test has failed to start it")
	return shared.server
}

// examples are the objects of testdata.
func examples(t *testing.T) []stateObject {
	t.Helper()
	text, err := os.ReadFile("testdata/objects.yaml")
	require.NoError(t, err)
	schemas, err := kube.Load()
	require.NoError(t, err)
	var all []stateObject
	for _, one := range bytes.Split(text, []byte("\n---\n")) {
		var doc map[string]any
		require.NoError(t, yaml.Unmarshal(one, &doc))
		key := kube.Key(doc["apiVersion"].(string), doc["kind"].(string))
		require.NotNil(t, schemas.Kinds[key], key)
		all = append(all, stateObject{key, schemas.Kinds[key], doc})
	}
	return all
}

func TestThereIsAnExampleOfEveryKind(t *testing.T) {
	have := map[string]bool{}
	for _, o := range examples(t) {
		have[o.urn] = true
		require.Empty(t, o.kind.Validate(o.doc), o.urn)
	}
	for _, key := range cloud.KubernetesKinds() {
		require.True(t, have[key], key)
	}
}

// copied is a document of its own.
func copied(t *testing.T, doc map[string]any) map[string]any {
	t.Helper()
	text, err := json.Marshal(doc)
	require.NoError(t, err)
	var out map[string]any
	require.NoError(t, json.Unmarshal(text, &out))
	return out
}

// TestBothRefuseASeededObjectOfEveryKind puts a field in each object that its kind
// does not have.
func TestBothRefuseASeededObjectOfEveryKind(t *testing.T) {
	s := server(t)
	for _, o := range examples(t) {
		seeded := copied(t, o.doc)
		seeded["surprise"] = true
		simulated := o.kind.Validate(seeded)
		require.Len(t, simulated, 1, o.urn)
		require.Contains(t, simulated[0].Reason, `unknown field "surprise"`, o.urn)
		_, err := s.Apply(t.Context(), o.kind, seeded, apiserver.Options{DryRun: true})
		var refused *apiserver.Refused
		require.ErrorAs(t, err, &refused, o.urn)
		require.Contains(t, refused.Message, "surprise", o.urn)
	}
}

// kubernetesStack is a state with one Kubernetes provider and these objects.
func kubernetesStack(t *testing.T, objects ...map[string]any) State {
	t.Helper()
	provider := resource{URN: "urn:pulumi:test::test::pulumi:providers:kubernetes::cluster", Type: "pulumi:providers:kubernetes", ID: "1", Custom: true}
	all := []resource{provider, {
		URN: "urn:pulumi:test::test::" + releaseType + "::controller", Type: releaseType, Custom: true, Provider: provider.URN + "::1",
	}}
	for _, o := range objects {
		apiVersion := o["apiVersion"].(string)
		if !strings.Contains(apiVersion, "/") {
			apiVersion = "core/" + apiVersion
		}
		typ := "kubernetes:" + apiVersion + ":" + o["kind"].(string)
		name, _ := at(o, "metadata")["name"].(string)
		all = append(all, resource{
			URN: "urn:pulumi:test::test::" + typ + "::" + name, Type: typ, Custom: true, Provider: provider.URN + "::1", Inputs: o,
		})
	}
	raw, err := json.Marshal(map[string]any{"deployment": map[string]any{"resources": all}})
	require.NoError(t, err)
	return State{Stack: "test", Export: raw}
}

func TestWhatTheAPIServerSaysIsReportedAtTheObject(t *testing.T) {
	b := binaries(t)
	var objects []map[string]any
	for _, o := range examples(t) {
		objects = append(objects, o.doc)
	}
	secret := map[string]any{"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "hunter2"}
	withheld := map[string]any{"apiVersion": "v1", "kind": "Secret", "metadata": map[string]any{"name": "withheld"}, "data": secret}
	wrong := map[string]any{"apiVersion": "v1", "kind": "Service", "metadata": map[string]any{"name": "1st", "__defaults": []any{}}, "spec": map[string]any{"ports": []any{map[string]any{"port": 80}}}}
	alien := map[string]any{"apiVersion": "example.com/v1", "kind": "Castle", "metadata": map[string]any{"name": "alien"}}
	// What the namespace's Pod Security refuses only pods are refused for.
	root := copied(t, objects[12])
	require.Equal(t, "Deployment", root["kind"])
	root["metadata"].(map[string]any)["name"] = "root"
	delete(at(root, "spec", "template", "spec"), "securityContext")
	report, err := CheckKubernetes(t.Context(), b, t.TempDir(), kubernetesStack(t, append(objects, withheld, wrong, alien, root)...))
	require.NoError(t, err)
	require.Equal(t, []ClusterObjects{{Name: "test.cluster", Objects: len(objects) + 3, Pods: 3, Releases: []string{"controller"}}}, report.Clusters)
	require.Equal(t, []Placeholder{{URN: "urn:pulumi:test::test::kubernetes:core/v1:Secret::withheld", Property: "data", Type: "string", Why: "secret"}}, report.Placeholders)
	require.Len(t, report.Problems, 3)
	var text strings.Builder
	require.NoError(t, report.Write(&text))
	for urn, says := range map[string]string{
		"kubernetes:core/v1:Service::1st":         `metadata.name: Invalid value: "1st": a DNS-1035 label`,
		"kubernetes:example.com/v1:Castle::alien": "there is no schema of the kind example.com/v1 Castle",
		"kubernetes:apps/v1:Deployment::root":     `violates PodSecurity "restricted:v1.34": runAsNonRoot != true`,
	} {
		require.Contains(t, text.String(), urn)
		require.Contains(t, text.String(), says)
	}
	require.NotContains(t, text.String(), "hunter2")
	require.ErrorContains(t, report.Err(), "the API server refuses objects of the stacks: 3 problems")
}

func TestAStackWithoutObjectsIsToldSo(t *testing.T) {
	_, err := CheckKubernetes(t.Context(), apiserver.Binaries{}, t.TempDir(), kubernetesStack(t))
	require.ErrorContains(t, err, "the stack test has no Kubernetes object: bring it up first")
}

// disagreement says why the two may disagree about a mutant, empty if they may not.
func disagreement(d differential.Difference) string {
	switch {
	case d.Server == "" && strings.HasSuffix(d.Change, ": 1 << 40"):
		return "a server-side apply cuts a number that has no room in 32 bits; the simulation refuses it"
	case d.Change == `create StorageClass: reclaimPolicy: ""`:
		return "the one optional enumeration of which the server takes an empty text"
	}
	return ""
}

// TestTheSimulationAgreesWithTheAPIServer changes the example of every kind in
// every place.
func TestTheSimulationAgreesWithTheAPIServer(t *testing.T) {
	s := server(t)
	var count differential.Count
	for _, o := range examples(t) {
		t.Run(o.kind.Name, func(t *testing.T) {
			created, err := differential.Creations(t.Context(), s, o.kind, o.doc, &count)
			require.NoError(t, err)
			updated, err := differential.Updates(t.Context(), s, o.kind, o.doc, &count)
			require.NoError(t, err)
			for _, d := range append(created, updated...) {
				if disagreement(d) == "" {
					t.Error(d)
				}
			}
		})
	}
	t.Logf("%d mutants, of which the server refuses %d", count.Mutants, count.Refused)
}
