package cloud_test

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

// props are a resource's inputs, as a program would write them.
type props = map[string]any

// world is a served cloud with a store of its own.
type world struct {
	t      *testing.T
	path   string
	cloud  *cloud.Cloud
	server *cloud.Server
}

func newWorld(t *testing.T, opts ...cloud.Option) *world {
	t.Helper()
	w := &world{t: t, path: filepath.Join(t.TempDir(), "clouds.db")}
	w.open(opts...)
	t.Cleanup(w.close)
	return w
}

func (w *world) open(opts ...cloud.Option) {
	w.t.Helper()
	var err error
	if w.cloud, err = cloud.Open(w.path, opts...); err != nil {
		w.t.Fatal(err)
	}
	if w.server, err = w.cloud.Serve(); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) close() {
	if err := w.server.Close(); err != nil {
		w.t.Error(err)
	}
	if err := w.cloud.Close(); err != nil {
		w.t.Error(err)
	}
}

// provider is one connection, as the engine makes one for each instance.
type provider struct {
	t      *testing.T
	client pulumirpc.ResourceProviderClient
	pkg    string
}

func (w *world) dial(pkg string) *provider {
	w.t.Helper()
	var port string
	for _, p := range strings.Split(w.server.DebugProviders(), ",") {
		if name, n, _ := strings.Cut(p, ":"); name == pkg {
			port = n
		}
	}
	conn, err := grpc.NewClient("127.0.0.1:"+port, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { _ = conn.Close() })
	return &provider{t: w.t, client: pulumirpc.NewResourceProviderClient(conn), pkg: pkg}
}

func (w *world) configured(pkg string, config props) *provider {
	w.t.Helper()
	p := w.dial(pkg)
	if err := p.configure(config); err != nil {
		w.t.Fatal(err)
	}
	return p
}

// aws is an AWS provider for a region.
func (w *world) aws(region string) *provider {
	return w.configured("aws", props{"region": region})
}

func (p *provider) configure(config props) error {
	ctx := context.Background()
	if _, err := p.client.Handshake(ctx, &pulumirpc.ProviderHandshakeRequest{}); err != nil {
		return err
	}
	_, err := p.client.Configure(ctx, &pulumirpc.ConfigureRequest{
		Args: p.marshal(resource.NewPropertyMapFromMap(config)), AcceptSecrets: true, AcceptResources: true,
	})
	return err
}

func (p *provider) marshal(m resource.PropertyMap) *structpb.Struct {
	p.t.Helper()
	s, err := plugin.MarshalProperties(m, plugin.MarshalOptions{KeepUnknowns: true, KeepSecrets: true})
	if err != nil {
		p.t.Fatal(err)
	}
	return s
}

func (p *provider) unmarshal(s *structpb.Struct) resource.PropertyMap {
	p.t.Helper()
	m, err := plugin.UnmarshalProperties(s, plugin.MarshalOptions{KeepUnknowns: true, KeepSecrets: true})
	if err != nil {
		p.t.Fatal(err)
	}
	return m
}

func urn(typ, name string) string {
	return fmt.Sprintf("urn:pulumi:test::tandem::%s::%s", typ, name)
}

// thing is a resource as a program has it after its creation.
type thing struct {
	p       *provider
	typ     string
	name    string
	id      string
	inputs  resource.PropertyMap
	outputs resource.PropertyMap
}

// get is an output as text.
func (r *thing) get(path string) string {
	r.p.t.Helper()
	pp, err := resource.ParsePropertyPath(path)
	if err != nil {
		r.p.t.Fatal(err)
	}
	v, ok := pp.Get(resource.NewObjectProperty(r.outputs))
	if !ok {
		r.p.t.Fatalf("%s has no output %s: %v", r.name, path, r.outputs)
	}
	if v.IsSecret() {
		v = v.SecretValue().Element
	}
	return fmt.Sprint(v.V)
}

// check runs Check and returns the checked inputs and the failures as text.
func (p *provider) check(typ, name string, old, in resource.PropertyMap) (resource.PropertyMap, []string) {
	p.t.Helper()
	resp, err := p.client.Check(context.Background(), &pulumirpc.CheckRequest{
		Urn: urn(typ, name), Olds: p.marshal(old), News: p.marshal(in), RandomSeed: []byte(strings.Repeat(name, 32))[:32],
	})
	if err != nil {
		return nil, []string{err.Error()}
	}
	var failures []string
	for _, f := range resp.Failures {
		failures = append(failures, f.Property+": "+f.Reason)
	}
	return p.unmarshal(resp.Inputs), failures
}

// try creates a resource as the engine does: Check, then Create.
func (p *provider) try(typ, name string, in props) (*thing, error) {
	p.t.Helper()
	inputs, failures := p.check(typ, name, nil, resource.NewPropertyMapFromMap(in))
	if len(failures) > 0 {
		return nil, fmt.Errorf("check: %s", strings.Join(failures, "; "))
	}
	resp, err := p.client.Create(context.Background(), &pulumirpc.CreateRequest{Urn: urn(typ, name), Properties: p.marshal(inputs)})
	if err != nil {
		return nil, err
	}
	return &thing{p, typ, name, resp.Id, inputs, p.unmarshal(resp.Properties)}, nil
}

// make creates a resource and ends the test if it cannot.
func (p *provider) make(typ, name string, in props) *thing {
	p.t.Helper()
	r, err := p.try(typ, name, in)
	if err != nil {
		p.t.Fatalf("creating %s: %v", name, err)
	}
	return r
}

// refused creates a resource and wants it to fail with all of the texts.
func (p *provider) refused(typ, name string, in props, texts ...string) {
	p.t.Helper()
	_, err := p.try(typ, name, in)
	wantError(p.t, err, texts...)
}

func wantError(t *testing.T, err error, texts ...string) {
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

func (r *thing) delete() error {
	_, err := r.p.client.Delete(context.Background(), &pulumirpc.DeleteRequest{
		Id: r.id, Urn: urn(r.typ, r.name), Properties: r.p.marshal(r.outputs), OldInputs: r.p.marshal(r.inputs),
	})
	return err
}

// update changes inputs in place, as the engine does after a Diff without
// replacement. A nil value takes the input away.
func (r *thing) update(change props) error {
	r.p.t.Helper()
	in := r.inputs.Copy()
	for k, v := range change {
		if v == nil {
			delete(in, resource.PropertyKey(k))
			continue
		}
		in[resource.PropertyKey(k)] = resource.NewPropertyValue(v)
	}
	checked, failures := r.p.check(r.typ, r.name, r.inputs, in)
	if len(failures) > 0 {
		return fmt.Errorf("check: %s", strings.Join(failures, "; "))
	}
	resp, err := r.p.client.Update(context.Background(), &pulumirpc.UpdateRequest{
		Id: r.id, Urn: urn(r.typ, r.name), Olds: r.p.marshal(r.outputs), OldInputs: r.p.marshal(r.inputs), News: r.p.marshal(checked),
	})
	if err != nil {
		return err
	}
	r.inputs, r.outputs = checked, r.p.unmarshal(resp.Properties)
	return nil
}

// diff is what the provider says of a change, by path.
func (r *thing) diff(change props) *pulumirpc.DiffResponse {
	r.p.t.Helper()
	in := r.inputs.Copy()
	for k, v := range change {
		if v == nil {
			delete(in, resource.PropertyKey(k))
			continue
		}
		in[resource.PropertyKey(k)] = resource.NewPropertyValue(v)
	}
	checked, failures := r.p.check(r.typ, r.name, r.inputs, in)
	if len(failures) > 0 {
		r.p.t.Fatalf("check: %s", strings.Join(failures, "; "))
	}
	resp, err := r.p.client.Diff(context.Background(), &pulumirpc.DiffRequest{
		Id: r.id, Urn: urn(r.typ, r.name), Olds: r.p.marshal(r.outputs), OldInputs: r.p.marshal(r.inputs), News: r.p.marshal(checked),
	})
	if err != nil {
		r.p.t.Fatal(err)
	}
	return resp
}

func (r *thing) read() (*pulumirpc.ReadResponse, error) {
	return r.p.client.Read(context.Background(), &pulumirpc.ReadRequest{
		Id: r.id, Urn: urn(r.typ, r.name), Properties: r.p.marshal(r.outputs), Inputs: r.p.marshal(r.inputs),
	})
}
