package main

import (
	"path/filepath"
	"reflect"
	"testing"

	"github.com/tandem-platform/tandem/sandbox/cloud/kube"
)

const remedy = "run go generate ./sandbox/cloud/kube"

func TestSchemasOfCustomKindsAreThoseOfTheirModules(t *testing.T) {
	kept, err := kube.Load()
	if err != nil {
		t.Fatal(err)
	}
	for key, from := range wanted() {
		t.Run(key, func(t *testing.T) {
			if kept.Kinds[key] == nil || kept.Modules[from.module] != from.version {
				t.Fatalf("the schema is of %s, the generator's is %s: %s", kept.Modules[from.module], from.version, remedy)
			}
			folder, err := download(from)
			if err != nil {
				t.Skip(err) // not every proxy has every module
			}
			now, err := custom(key, filepath.Join(folder, filepath.FromSlash(from.file)))
			if err != nil {
				t.Fatal(err)
			}
			have := *kept.Kinds[key]
			have.APIVersion, have.Name = "", ""
			if !reflect.DeepEqual(&have, now) {
				t.Errorf("the schema is not that of %s@%s: %s", from.module, from.version, remedy)
			}
		})
	}
}

// The server's own schemas take a minute to build where the API server has never
// been built.
func TestSchemasOfBuiltInKindsAreThoseOfTheServer(t *testing.T) {
	if testing.Short() {
		t.Skip("builds a part of the API server")
	}
	kept, err := kube.Load()
	if err != nil {
		t.Fatal(err)
	}
	now, err := builtIn()
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(kept.Definitions, now.Definitions) {
		t.Errorf("the definitions are not those of Kubernetes %s: %s", now.Modules["k8s.io/kubernetes"], remedy)
	}
	for key, want := range now.Kinds {
		have := kept.Kinds[key]
		if have == nil || have.Plural != want.Plural || have.Namespaced != want.Namespaced || !reflect.DeepEqual(have.Schema, want.Schema) {
			t.Errorf("%s is not that of Kubernetes: %s", key, remedy)
		}
	}
	if len(kept.Kinds) != len(now.Kinds)+len(wanted()) {
		t.Errorf("there are %d kinds, the tables have %d: %s", len(kept.Kinds), len(now.Kinds)+len(wanted()), remedy)
	}
}
