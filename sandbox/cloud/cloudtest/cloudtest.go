// Package cloudtest lets tests speak to the simulated clouds as the engine
// does: over Pulumi's provider protocol, one connection for each provider
// instance, Check before Create.
package cloudtest

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/protobuf/types/known/structpb"

	"github.com/tandem-platform/tandem/sandbox/cloud"
)

// Props are a resource's inputs, as a program would write them.
type Props = map[string]any

// World is a served cloud with a store of its own.
type World struct {
	t    testing.TB
	path string
	// Cloud is the store, Server its providers.
	Cloud  *cloud.Cloud
	Server *cloud.Server
}

// New opens a new store and serves it until the test ends.
func New(t testing.TB, opts ...cloud.Option) *World {
	t.Helper()
	return At(t, filepath.Join(t.TempDir(), "clouds.db"), opts...)
}

// At opens the store at path, or makes it, and serves it until the test ends.
func At(t testing.TB, path string, opts ...cloud.Option) *World {
	t.Helper()
	w := &World{t: t, path: path}
	w.Open(opts...)
	t.Cleanup(w.Close)
	return w
}

// Open opens the store again, after Close.
func (w *World) Open(opts ...cloud.Option) {
	w.t.Helper()
	var err error
	if w.Cloud, err = cloud.Open(w.path, opts...); err != nil {
		w.t.Fatal(err)
	}
	if w.Server, err = w.Cloud.Serve(); err != nil {
		w.t.Fatal(err)
	}
}

// Close stops the server and closes the store.
func (w *World) Close() {
	if err := w.Server.Close(); err != nil {
		w.t.Error(err)
	}
	if err := w.Cloud.Close(); err != nil {
		w.t.Error(err)
	}
}

// Provider is one connection, as the engine makes one for each instance.
type Provider struct {
	t testing.TB
	// Client speaks the protocol itself.
	Client pulumirpc.ResourceProviderClient
}

// Dial makes a connection to the provider of a package.
func (w *World) Dial(pkg string) *Provider {
	w.t.Helper()
	var port string
	for _, p := range strings.Split(w.Server.DebugProviders(), ",") {
		if name, n, _ := strings.Cut(p, ":"); name == pkg {
			port = n
		}
	}
	conn, err := grpc.NewClient("127.0.0.1:"+port, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { _ = conn.Close() })
	return &Provider{t: w.t, Client: pulumirpc.NewResourceProviderClient(conn)}
}

// Configured makes a connection and configures its provider.
func (w *World) Configured(pkg string, config Props) *Provider {
	w.t.Helper()
	p := w.Dial(pkg)
	if err := p.Configure(config); err != nil {
		w.t.Fatal(err)
	}
	return p
}

// AWS is an AWS provider for a region.
func (w *World) AWS(region string) *Provider {
	return w.Configured("aws", Props{"region": region})
}

// Configure does what the engine does before it uses a provider.
func (p *Provider) Configure(config Props) error {
	ctx := context.Background()
	if _, err := p.Client.Handshake(ctx, &pulumirpc.ProviderHandshakeRequest{}); err != nil {
		return err
	}
	_, err := p.Client.Configure(ctx, &pulumirpc.ConfigureRequest{
		Args: p.marshal(resource.NewPropertyMapFromMap(config)), AcceptSecrets: true, AcceptResources: true,
	})
	return err
}

func (p *Provider) marshal(m resource.PropertyMap) *structpb.Struct {
	p.t.Helper()
	s, err := plugin.MarshalProperties(m, plugin.MarshalOptions{KeepUnknowns: true, KeepSecrets: true})
	if err != nil {
		p.t.Fatal(err)
	}
	return s
}

// Unmarshal reads properties that the provider sent.
func (p *Provider) Unmarshal(s *structpb.Struct) resource.PropertyMap {
	p.t.Helper()
	m, err := plugin.UnmarshalProperties(s, plugin.MarshalOptions{KeepUnknowns: true, KeepSecrets: true})
	if err != nil {
		p.t.Fatal(err)
	}
	return m
}

// URN is the URN that a test's resource has.
func URN(typ, name string) string {
	return fmt.Sprintf("urn:pulumi:test::tandem::%s::%s", typ, name)
}

// Resource is a resource as a program has it after its creation.
type Resource struct {
	p         *Provider
	typ, name string
	// program is what the program wrote.
	program resource.PropertyMap
	// ID is its id, Inputs what Check returned, Outputs what Create returned.
	ID      string
	Inputs  resource.PropertyMap
	Outputs resource.PropertyMap
	// Ignore are the inputs of which the program ignores changes, in Diff and Update.
	Ignore []string
}

// Get is an output as text.
func (r *Resource) Get(path string) string {
	r.p.t.Helper()
	pp, err := resource.ParsePropertyPath(path)
	if err != nil {
		r.p.t.Fatal(err)
	}
	v, ok := pp.Get(resource.NewObjectProperty(r.Outputs))
	if !ok {
		r.p.t.Fatalf("%s has no output %s: %v", r.name, path, r.Outputs)
	}
	if v.IsSecret() {
		v = v.SecretValue().Element
	}
	return fmt.Sprint(v.V)
}

// Check runs Check and returns the checked inputs and the failures as text.
func (p *Provider) Check(typ, name string, old, in resource.PropertyMap) (resource.PropertyMap, []string) {
	p.t.Helper()
	resp, err := p.Client.Check(context.Background(), &pulumirpc.CheckRequest{
		Urn: URN(typ, name), Olds: p.marshal(old), News: p.marshal(in), RandomSeed: []byte(strings.Repeat(name, 32))[:32],
	})
	if err != nil {
		return nil, []string{err.Error()}
	}
	var failures []string
	for _, f := range resp.Failures {
		failures = append(failures, f.Property+": "+f.Reason)
	}
	return p.Unmarshal(resp.Inputs), failures
}

// CheckConfig returns what is wrong with the provider's settings.
func (p *Provider) CheckConfig(in Props) []string {
	p.t.Helper()
	resp, err := p.Client.CheckConfig(context.Background(), &pulumirpc.CheckRequest{
		Urn: URN("pulumi:providers:aws", "p"), News: p.marshal(resource.NewPropertyMapFromMap(in)),
	})
	if err != nil {
		p.t.Fatal(err)
	}
	var failures []string
	for _, f := range resp.Failures {
		failures = append(failures, f.Property+": "+f.Reason)
	}
	return failures
}

// Preview returns what a preview of a creation knows.
func (p *Provider) Preview(typ, name string, in resource.PropertyMap) resource.PropertyMap {
	p.t.Helper()
	checked, failures := p.Check(typ, name, nil, in)
	if len(failures) > 0 {
		p.t.Fatal(failures)
	}
	resp, err := p.Client.Create(context.Background(), &pulumirpc.CreateRequest{Urn: URN(typ, name), Properties: p.marshal(checked), Preview: true})
	if err != nil {
		p.t.Fatal(err)
	}
	return p.Unmarshal(resp.Properties)
}

// Invoke calls a function.
func (p *Provider) Invoke(token string, args Props) (resource.PropertyMap, error) {
	p.t.Helper()
	resp, err := p.Client.Invoke(context.Background(), &pulumirpc.InvokeRequest{
		Tok: token, Args: p.marshal(resource.NewPropertyMapFromMap(args)),
	})
	if err != nil {
		return nil, err
	}
	for _, f := range resp.Failures {
		return nil, fmt.Errorf("%s: %s", f.Property, f.Reason)
	}
	return p.Unmarshal(resp.Return), nil
}

// Try creates a resource as the engine does: Check, then Create.
func (p *Provider) Try(typ, name string, in Props) (*Resource, error) {
	p.t.Helper()
	return p.try(typ, name, resource.NewPropertyMapFromMap(in))
}

func (p *Provider) try(typ, name string, program resource.PropertyMap) (*Resource, error) {
	p.t.Helper()
	inputs, failures := p.Check(typ, name, nil, program)
	if len(failures) > 0 {
		return nil, fmt.Errorf("check: %s", strings.Join(failures, "; "))
	}
	resp, err := p.Client.Create(context.Background(), &pulumirpc.CreateRequest{Urn: URN(typ, name), Properties: p.marshal(inputs)})
	if err != nil {
		return nil, err
	}
	return &Resource{p: p, typ: typ, name: name, program: program, ID: resp.Id, Inputs: inputs, Outputs: p.Unmarshal(resp.Properties)}, nil
}

// Make creates a resource and ends the test if it cannot.
func (p *Provider) Make(typ, name string, in Props) *Resource {
	p.t.Helper()
	r, err := p.Try(typ, name, in)
	if err != nil {
		p.t.Fatalf("creating %s: %v", name, err)
	}
	return r
}

// MakeOf is Make with inputs in the engine's form, which may be secret.
func (p *Provider) MakeOf(typ, name string, in resource.PropertyMap) *Resource {
	p.t.Helper()
	r, err := p.try(typ, name, in)
	if err != nil {
		p.t.Fatalf("creating %s: %v", name, err)
	}
	return r
}

// Refused creates a resource and wants it to fail with all of the texts.
func (p *Provider) Refused(typ, name string, in Props, texts ...string) {
	p.t.Helper()
	_, err := p.Try(typ, name, in)
	WantError(p.t, err, texts...)
}

// WantError wants an error with all of the texts.
func WantError(t testing.TB, err error, texts ...string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error, want one with %q", texts)
	}
	for _, s := range texts {
		if !strings.Contains(err.Error(), s) {
			t.Errorf("error %q has no %q", err, s)
		}
	}
}

// On is the same resource as another provider sees it.
func (r *Resource) On(p *Provider) *Resource {
	other := *r
	other.p = p
	return &other
}

// Delete deletes the resource.
func (r *Resource) Delete() error {
	_, err := r.p.Client.Delete(context.Background(), &pulumirpc.DeleteRequest{
		Id: r.ID, Urn: URN(r.typ, r.name), Properties: r.p.marshal(r.Outputs), OldInputs: r.p.marshal(r.Inputs),
	})
	return err
}

// Update changes inputs in place, as the engine does after a Diff without
// replacement. A nil value takes the input away.
func (r *Resource) Update(change Props) error {
	r.p.t.Helper()
	in := r.program.Copy()
	for k, v := range change {
		if v == nil {
			delete(in, resource.PropertyKey(k))
			continue
		}
		in[resource.PropertyKey(k)] = resource.NewPropertyValue(v)
	}
	checked, failures := r.p.Check(r.typ, r.name, r.Inputs, in)
	if len(failures) > 0 {
		return fmt.Errorf("check: %s", strings.Join(failures, "; "))
	}
	resp, err := r.p.Client.Update(context.Background(), &pulumirpc.UpdateRequest{
		Id: r.ID, Urn: URN(r.typ, r.name), Olds: r.p.marshal(r.Outputs), OldInputs: r.p.marshal(r.Inputs), News: r.p.marshal(checked),
		IgnoreChanges: r.Ignore,
	})
	if err != nil {
		return err
	}
	r.program, r.Inputs, r.Outputs = in, checked, r.p.Unmarshal(resp.Properties)
	return nil
}

// Diff is what the provider says of a change, by path.
func (r *Resource) Diff(change Props) *pulumirpc.DiffResponse {
	r.p.t.Helper()
	in := r.program.Copy()
	for k, v := range change {
		if v == nil {
			delete(in, resource.PropertyKey(k))
			continue
		}
		in[resource.PropertyKey(k)] = resource.NewPropertyValue(v)
	}
	checked, failures := r.p.Check(r.typ, r.name, r.Inputs, in)
	if len(failures) > 0 {
		r.p.t.Fatalf("check: %s", strings.Join(failures, "; "))
	}
	resp, err := r.p.Client.Diff(context.Background(), &pulumirpc.DiffRequest{
		Id: r.ID, Urn: URN(r.typ, r.name), Olds: r.p.marshal(r.Outputs), OldInputs: r.p.marshal(r.Inputs), News: r.p.marshal(checked),
		IgnoreChanges: r.Ignore,
	})
	if err != nil {
		r.p.t.Fatal(err)
	}
	return resp
}

// Read refreshes the resource.
func (r *Resource) Read() (*pulumirpc.ReadResponse, error) {
	return r.p.Client.Read(context.Background(), &pulumirpc.ReadRequest{
		Id: r.ID, Urn: URN(r.typ, r.name), Properties: r.p.marshal(r.Outputs), Inputs: r.p.marshal(r.Inputs),
	})
}
