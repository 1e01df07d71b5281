// Package mocktest runs a Pulumi program against mocks and records what it registers.
//
// Assertions are made on the recording after the program has ended, never
// inside an apply, so an assertion that is not reached cannot pass.
package mocktest

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Resource is one registration as the engine would have received it.
type Resource struct {
	Type, Name, Provider string
	// Inputs are plain Go values; properties that are unknown in a preview are
	// absent, and secrets are wrapped (see [Plain]).
	Inputs    resource.PropertyMap
	Protect   bool
	Parent    string   // URN
	DependsOn []string // URNs
	// RetainOnDelete, IgnoreChanges and the like, as registered.
	RetainOnDelete bool
	IgnoreChanges  []string
	Custom         bool
}

// Recording is what a program registered, in order of registration.
type Recording struct {
	mu        sync.Mutex
	Resources []Resource
	Calls     []string // function tokens, in order of the calls
}

// Options of a run.
type Options struct {
	Project, Stack string // default "tandem" and "test"
	// Preview runs the program as `pulumi preview` does: ids and computed
	// outputs are unknown.
	Preview bool
	// Exists tells which resources a preview finds in place, so that their ids and
	// outputs are known. Nil finds none. The SDK's mocks cannot take a secret that
	// is unknown, so what a secret is made of has to exist.
	Exists func(typ, name string) bool
	Config map[string]string
	// Outputs returns the computed outputs of a resource, merged over its
	// inputs. Nil gives none beyond id and arn.
	Outputs func(typ, name string, inputs resource.PropertyMap) resource.PropertyMap
	// Call answers a function call. Nil answers with no values.
	Call func(token string, args resource.PropertyMap) (resource.PropertyMap, error)
}

// Run runs the program and returns its recording and its error.
func Run(program pulumi.RunFunc, o Options) (*Recording, error) {
	if o.Project == "" {
		o.Project = "tandem"
	}
	if o.Stack == "" {
		o.Stack = "test"
	}
	m := &mocks{rec: &Recording{}, o: o}
	err := pulumi.RunErr(program, pulumi.WithMocks(o.Project, o.Stack, m), func(i *pulumi.RunInfo) {
		i.DryRun = o.Preview
		i.Config = o.Config
	})
	return m.rec, err
}

// MustRun is Run for programs that are expected to succeed.
func MustRun(t *testing.T, program pulumi.RunFunc, o Options) *Recording {
	t.Helper()
	rec, err := Run(program, o)
	if err != nil {
		t.Fatalf("running the program: %v", err)
	}
	return rec
}

// Get returns the one resource of that type and name, and fails the test where there is none.
func (r *Recording) Get(t *testing.T, typ, name string) Resource {
	t.Helper()
	for _, res := range r.Resources {
		if res.Type == typ && res.Name == name {
			return res
		}
	}
	t.Fatalf("no %s named %q was registered; of that type: %v", typ, name, r.Names(typ))
	return Resource{}
}

// Names returns the sorted names of all resources of a type.
func (r *Recording) Names(typ string) []string {
	names := []string{}
	for _, res := range r.Resources {
		if res.Type == typ {
			names = append(names, res.Name)
		}
	}
	slices.Sort(names)
	return names
}

// Types returns the sorted type tokens of all registered resources.
func (r *Recording) Types() []string {
	set := map[string]bool{}
	for _, res := range r.Resources {
		set[res.Type] = true
	}
	return slices.Sorted(maps.Keys(set))
}

// Plain returns the inputs as plain Go values with secrets unwrapped.
func (r Resource) Plain() map[string]any {
	return plain(resource.NewObjectProperty(r.Inputs)).(map[string]any)
}

// Secret tells whether the engine would keep the input encrypted.
func (r Resource) Secret(property string) bool {
	return r.Inputs[resource.PropertyKey(property)].ContainsSecrets()
}

func plain(v resource.PropertyValue) any {
	switch {
	case v.IsSecret():
		return plain(v.SecretValue().Element)
	case v.IsOutput():
		if !v.OutputValue().Known {
			return nil
		}
		return plain(v.OutputValue().Element)
	case v.IsArray():
		list := make([]any, len(v.ArrayValue()))
		for i, e := range v.ArrayValue() {
			list[i] = plain(e)
		}
		return list
	case v.IsObject():
		m := make(map[string]any, len(v.ObjectValue()))
		for k, e := range v.ObjectValue() {
			m[string(k)] = plain(e)
		}
		return m
	default:
		return v.V
	}
}

type mocks struct {
	rec *Recording
	o   Options
}

func (m *mocks) NewResource(a pulumi.MockResourceArgs) (string, resource.PropertyMap, error) {
	res := Resource{Type: a.TypeToken, Name: a.Name, Provider: a.Provider, Inputs: a.Inputs, Custom: a.Custom}
	if rpc := a.RegisterRPC; rpc != nil {
		res.Protect = rpc.GetProtect()
		res.Parent = rpc.GetParent()
		res.DependsOn = rpc.GetDependencies()
		res.RetainOnDelete = rpc.GetRetainOnDelete()
		res.IgnoreChanges = rpc.GetIgnoreChanges()
	}
	m.rec.mu.Lock()
	m.rec.Resources = append(m.rec.Resources, res)
	m.rec.mu.Unlock()

	state := a.Inputs.Copy()
	if m.o.Preview && (m.o.Exists == nil || !m.o.Exists(a.TypeToken, a.Name)) {
		return "", state, nil
	}
	service := a.TypeToken
	if _, rest, ok := strings.Cut(service, ":"); ok {
		service, _, _ = strings.Cut(rest, "/")
	}
	if _, given := state["arn"]; !given {
		state["arn"] = resource.NewStringProperty(fmt.Sprintf("arn:aws:%s:::%s", service, a.Name))
	}
	if m.o.Outputs != nil {
		maps.Copy(state, m.o.Outputs(a.TypeToken, a.Name, a.Inputs))
	}
	return a.Name + "-id", state, nil
}

func (m *mocks) Call(a pulumi.MockCallArgs) (resource.PropertyMap, error) {
	m.rec.mu.Lock()
	m.rec.Calls = append(m.rec.Calls, a.Token)
	m.rec.mu.Unlock()
	if m.o.Call == nil {
		return resource.PropertyMap{}, nil
	}
	return m.o.Call(a.Token, a.Args)
}
