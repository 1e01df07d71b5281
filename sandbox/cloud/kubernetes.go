package cloud

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"gopkg.in/yaml.v3"
)

// kubernetesProvider is the kubernetes package on one connection. Its objects
// live in the EKS cluster that its kubeconfig names.
type kubernetesProvider struct {
	base
	config
}

// config is what a kubernetes provider was configured with.
type config struct {
	ready bool
	// server is the API server's endpoint.
	server string
	// cluster and region are what the kubeconfig's credential command asks
	// for, empty where it does not say.
	cluster, region string
	// namespace is where namespaced objects go that name none.
	namespace string
	// mutable are the kinds whose data can change in place.
	mutable map[string]bool
	// deleteUnreachable forgets objects of a cluster that is gone.
	deleteUnreachable bool
}

// kubeconfig is as much of a kubeconfig file as is needed.
type kubeconfig struct {
	CurrentContext string `yaml:"current-context"`
	Contexts       []struct {
		Name    string
		Context struct{ Cluster, User, Namespace string }
	}
	Clusters []struct {
		Name    string
		Cluster struct{ Server string }
	}
	Users []struct {
		Name string
		User struct {
			Exec struct {
				Command string
				Args    []string
				Env     []struct{ Name, Value string }
			}
		}
	}
}

// read takes the server and the credentials out of a kubeconfig's text.
func (c *config) read(data, context string) error {
	var k kubeconfig
	if err := yaml.Unmarshal([]byte(data), &k); err != nil {
		return fmt.Errorf("failed to parse kubeconfig data in `kubernetes:config:kubeconfig`: %w", err)
	}
	if context == "" {
		context = k.CurrentContext
	}
	for _, ctx := range k.Contexts {
		if ctx.Name != context {
			continue
		}
		c.namespace = ctx.Context.Namespace
		for _, cl := range k.Clusters {
			if cl.Name == ctx.Context.Cluster {
				c.server = cl.Cluster.Server
			}
		}
		for _, u := range k.Users {
			if u.Name != ctx.Context.User {
				continue
			}
			for i := 0; i+1 < len(u.User.Exec.Args); i++ {
				switch u.User.Exec.Args[i] {
				case "--cluster-name", "--cluster-id", "-i":
					c.cluster = u.User.Exec.Args[i+1]
				case "--region":
					c.region = u.User.Exec.Args[i+1]
				}
			}
			for _, e := range u.User.Exec.Env {
				if e.Name == "AWS_REGION" || e.Name == "AWS_DEFAULT_REGION" && c.region == "" {
					c.region = e.Value
				}
			}
		}
	}
	if c.server == "" {
		return fmt.Errorf("invalid kubeconfig: context %q names no cluster with a server", context)
	}
	return nil
}

// CheckConfig checks the names and types of the provider's settings.
func (p *kubernetesProvider) CheckConfig(_ context.Context, req plugin.CheckConfigRequest) (plugin.CheckConfigResponse, error) {
	failures := p.c.shape(p.c.facts.Types["kubernetes.provider"], kubernetesSettings(req.News), "")
	return plugin.CheckConfigResponse{Properties: req.News, Failures: failures}, nil
}

// kubernetesSettings leaves the kubeconfig as the text that it is: it may be
// JSON, but is no object.
func kubernetesSettings(m resource.PropertyMap) resource.PropertyMap {
	out := settings(m)
	if k, ok := m["kubeconfig"]; ok {
		out["kubeconfig"] = k
	}
	return out
}

// DiffConfig replaces the provider, and with it all objects, when it comes to
// speak to another cluster.
func (p *kubernetesProvider) DiffConfig(_ context.Context, req plugin.DiffConfigRequest) (plugin.DiffConfigResponse, error) {
	var replace []string
	server := func(m resource.PropertyMap) string {
		var c config
		if v := reveal(m["kubeconfig"]); v.IsString() && c.read(v.StringValue(), text(plain(m), "context")) == nil {
			return c.server
		}
		return ""
	}
	if before, after := server(req.OldInputs), server(req.NewInputs); before != "" && after != "" && before != after {
		replace = []string{"kubeconfig"}
	}
	return configDiff(req, replace), nil
}

// Configure reads the kubeconfig. Whether its cluster is there is seen when an
// operation needs it.
func (p *kubernetesProvider) Configure(_ context.Context, req plugin.ConfigureRequest) (plugin.ConfigureResponse, error) {
	in := plain(kubernetesSettings(req.Inputs))
	c := config{ready: true, mutable: map[string]bool{
		"ConfigMap": truth(in, "enableConfigMapMutable"), "Secret": truth(in, "enableSecretMutable"),
	}, deleteUnreachable: truth(in, "deleteUnreachable")}
	if data := text(in, "kubeconfig"); data != "" {
		if err := c.read(data, text(in, "context")); err != nil {
			return plugin.ConfigureResponse{}, err
		}
	}
	if ns := text(in, "namespace"); ns != "" {
		c.namespace = ns
	}
	p.config = c
	return plugin.ConfigureResponse{}, nil
}

var errUnreachable = errors.New("configured Kubernetes cluster is unreachable")

// reach returns the EKS cluster behind the kubeconfig.
func (p *kubernetesProvider) reach(t *tx) (*Resource, error) {
	if p.server == "" {
		return nil, fmt.Errorf("%w: unable to load Kubernetes client configuration: no kubeconfig on the provider", errUnreachable)
	}
	var found *Resource
	err := t.each(func(r *Resource) error {
		if r.Type == typeCluster && text(r.Outputs, "endpoint") == p.server {
			found = r
		}
		return nil
	})
	switch {
	case err != nil:
		return nil, err
	case found == nil:
		return nil, fmt.Errorf("%w: dial tcp: lookup %s: no such host", errUnreachable, strings.TrimPrefix(p.server, "https://"))
	case text(found.Outputs, "status") != "ACTIVE":
		return nil, fmt.Errorf("%w: EKS cluster %s is %s", errUnreachable, found.ID, text(found.Outputs, "status"))
	case p.cluster != "" && p.cluster != found.ID:
		return nil, fmt.Errorf("%w: the server has asked for the client to provide credentials: the kubeconfig's token is for cluster %q, the server is %q",
			errUnreachable, p.cluster, found.ID)
	case p.region != "" && p.region != found.Scope.Region:
		return nil, fmt.Errorf("%w: the server has asked for the client to provide credentials: the kubeconfig's token is for region %s, the cluster is in %s",
			errUnreachable, p.region, found.Scope.Region)
	}
	return found, nil
}

// call runs an operation on an object as far as faults let it. It gives do the
// cluster.
func (p *kubernetesProvider) call(ctx context.Context, verb string, k *kind, urn resource.URN, id string, do func(*tx, *Resource) error) error {
	// Where the cluster is decides which faults meet the call.
	var cluster *Resource
	if err := p.c.view(func(t *tx) (err error) {
		cluster, err = p.reach(t)
		return err
	}); err != nil {
		return err
	}
	transaction := p.c.update
	if verb == "read" {
		transaction = p.c.view
	}
	return p.c.call(ctx, Operation{
		Verb: verb, Type: k.token, URN: string(urn), Region: cluster.Scope.Region, Endpoint: p.server, Resource: id,
	}, func() error {
		return transaction(func(t *tx) error {
			now, err := t.get(cluster.Scope, cluster.Type, cluster.ID)
			if err == nil && now == nil {
				err = fmt.Errorf("%w: the cluster %s is gone", errUnreachable, cluster.ID)
			}
			if err != nil {
				return err
			}
			return do(t, now)
		})
	})
}

// clusterScope is where the objects of a cluster live.
func clusterScope(arn string) Scope { return Scope{Package: "kubernetes", Account: arn} }

// object is one object as it is created or updated.
type object struct {
	*tx
	cluster *Resource
	scope   Scope
	kind    *kind
	// name and namespace are the object's, doc is all that was asked for.
	name, namespace string
	doc             map[string]any
	old             *Resource
}

func (o *object) id() string {
	if o.namespace == "" {
		return o.name
	}
	return o.namespace + "/" + o.name
}

// kindOf returns the kind of a type token.
func (p *kubernetesProvider) kindOf(token string) (*kind, error) {
	if !p.ready {
		return nil, p.unconfigured()
	}
	if k := kinds[token]; k != nil {
		return k, nil
	}
	return nil, notModelled("resource type", token)
}

// Check names the object and decodes it strictly into its type.
func (p *kubernetesProvider) Check(_ context.Context, req plugin.CheckRequest) (plugin.CheckResponse, error) {
	k, err := p.kindOf(string(req.Type))
	if err != nil {
		return plugin.CheckResponse{}, err
	}
	if k.Kind == nil {
		return p.checkRelease(req)
	}
	in := req.News.Copy()
	meta := resource.PropertyMap{}
	if m := reveal(in["metadata"]); m.IsObject() {
		meta = m.ObjectValue().Copy()
	} else if unknown(in["metadata"]) {
		return plugin.CheckResponse{Properties: in}, nil
	}
	if !meta.HasValue("name") && !meta.HasValue("generateName") {
		if old := reveal(req.Olds["metadata"]); old.IsObject() && isAutonamed(old.ObjectValue()) {
			meta["name"] = old.ObjectValue()["name"]
		} else if req.Autonaming == nil {
			name, err := resource.NewUniqueName(req.RandomSeed, req.URN.Name()+"-", 8, 253, nil)
			if err != nil {
				return plugin.CheckResponse{}, err
			}
			meta["name"] = resource.NewStringProperty(name)
		} else if req.Autonaming.Mode != plugin.AutonamingModeDisabled {
			meta["name"] = resource.NewStringProperty(req.Autonaming.ProposedName)
		}
		notes := resource.PropertyMap{}
		if a := reveal(meta["annotations"]); a.IsObject() {
			notes = a.ObjectValue().Copy()
		}
		notes[autonamedNote] = resource.NewStringProperty("true")
		meta["annotations"] = resource.NewObjectProperty(notes)
	}
	if k.isNamespaced() && !meta.HasValue("namespace") && p.namespace != "" {
		meta["namespace"] = resource.NewStringProperty(p.namespace)
	}
	in["metadata"] = resource.NewObjectProperty(meta)
	doc := plain(in)
	return plugin.CheckResponse{Properties: in, Failures: k.check(doc, !in.ContainsUnknowns())}, nil
}

// autonamedNote is the annotation by which Pulumi knows a name that it made.
const autonamedNote = "pulumi.com/autonamed"

func isAutonamed(meta resource.PropertyMap) bool {
	a := reveal(meta["annotations"])
	return a.IsObject() && a.ObjectValue().HasValue(autonamedNote)
}

// Diff compares the old and the new inputs.
func (p *kubernetesProvider) Diff(_ context.Context, req plugin.DiffRequest) (plugin.DiffResponse, error) {
	k, err := p.kindOf(string(req.Type))
	if err != nil {
		return plugin.DiffResponse{}, err
	}
	replace := slices.Clone(k.replace)
	if p.mutable[k.name()] && !truth(plain(req.OldInputs), "immutable") {
		replace = slices.DeleteFunc(replace, func(r string) bool { return r != "type" })
	}
	if k.Kind == nil {
		replace = append(replace, "name", "namespace")
	} else {
		replace = append(replace, "metadata.name", "metadata.namespace", "apiVersion", "kind")
	}
	detailed := compare(req.OldInputs, req.NewInputs, replace, nil)
	if len(detailed) == 0 {
		return plugin.DiffResponse{Changes: plugin.DiffNone}, nil
	}
	meta := reveal(req.NewInputs["metadata"])
	before, after := objectID(k, plain(req.OldInputs)), objectID(k, plain(req.NewInputs))
	return plugin.DiffResponse{
		Changes: plugin.DiffSome, DetailedDiff: detailed,
		// The same name twice cannot be, so the old one goes first, unless
		// the name was Pulumi's own.
		DeleteBeforeReplace: before == after && meta.IsObject() && !isAutonamed(meta.ObjectValue()),
	}, nil
}

func objectID(k *kind, doc map[string]any) string {
	o := object{kind: k, doc: doc}
	o.names()
	return o.id()
}

// names sets the object's name and namespace.
func (o *object) names() {
	prefix := "metadata."
	if o.kind.Kind == nil {
		prefix = ""
	}
	o.name = text(o.doc, prefix+"name")
	if o.kind.isNamespaced() {
		if o.namespace = text(o.doc, prefix+"namespace"); o.namespace == "" {
			o.namespace = "default"
		}
	}
}

// Create makes an object, or in a preview says what is known of it.
func (p *kubernetesProvider) Create(ctx context.Context, req plugin.CreateRequest) (plugin.CreateResponse, error) {
	k, err := p.kindOf(string(req.Type))
	if err != nil {
		return plugin.CreateResponse{}, err
	}
	if req.Preview {
		return plugin.CreateResponse{Properties: k.foreseen(req.Properties)}, nil
	}
	made, err := p.write(ctx, k, req.URN, "", req.Properties)
	if err != nil {
		return plugin.CreateResponse{}, err
	}
	return plugin.CreateResponse{ID: resource.ID(made.ID), Properties: markSecrets(engine(made.Outputs), req.Properties, nil)}, nil
}

// Update changes an object, or in a preview says what is known of it.
func (p *kubernetesProvider) Update(ctx context.Context, req plugin.UpdateRequest) (plugin.UpdateResponse, error) {
	k, err := p.kindOf(string(req.Type))
	if err != nil {
		return plugin.UpdateResponse{}, err
	}
	if req.Preview {
		return plugin.UpdateResponse{Properties: k.foreseen(req.NewInputs)}, nil
	}
	made, err := p.write(ctx, k, req.URN, string(req.ID), req.NewInputs)
	if err != nil {
		return plugin.UpdateResponse{}, err
	}
	return plugin.UpdateResponse{Properties: markSecrets(engine(made.Outputs), req.NewInputs, nil)}, nil
}

// write makes an object, or changes the one with the id.
func (p *kubernetesProvider) write(ctx context.Context, k *kind, urn resource.URN, id string, props resource.PropertyMap) (*Resource, error) {
	verb := "create"
	if id != "" {
		verb = "update"
	}
	var made *Resource
	doc := plain(props)
	err := p.call(ctx, verb, k, urn, objectID(k, doc), func(t *tx, cluster *Resource) (err error) {
		o := &object{tx: t, cluster: cluster, scope: clusterScope(text(cluster.Outputs, "arn")), kind: k, doc: doc}
		o.names()
		if o.old, err = t.get(o.scope, k.token, o.id()); err != nil {
			return err
		}
		switch {
		case id == "" && o.old != nil:
			return fmt.Errorf("resource %q was not successfully created by the Kubernetes API server: %s %q already exists", o.id(), k.resource(), o.name)
		case id != "" && o.old == nil:
			return fmt.Errorf("update of resource %q failed: %s %q not found", o.id(), k.resource(), o.name)
		}
		if err := o.admit(); err != nil {
			return fmt.Errorf("resource %q was not successfully %sd by the Kubernetes API server: %w", o.id(), verb, err)
		}
		out, err := o.live(string(urn))
		if err != nil {
			return err
		}
		made = &Resource{Type: k.token, ID: o.id(), URN: string(urn), Scope: o.scope, Inputs: o.doc, Outputs: out}
		return t.put(made)
	})
	return made, err
}

// Read returns an object as it is, nothing if it is gone.
func (p *kubernetesProvider) Read(ctx context.Context, req plugin.ReadRequest) (plugin.ReadResponse, error) {
	k, err := p.kindOf(string(req.Type))
	if err != nil {
		return plugin.ReadResponse{}, err
	}
	var r *Resource
	err = p.call(ctx, "read", k, req.URN, string(req.ID), func(t *tx, cluster *Resource) (err error) {
		id := string(req.ID)
		if k.isNamespaced() && !strings.Contains(id, "/") {
			id = "default/" + id
		}
		r, err = t.get(clusterScope(text(cluster.Outputs, "arn")), k.token, id)
		return err
	})
	if errors.Is(err, errUnreachable) && p.deleteUnreachable {
		return plugin.ReadResponse{}, nil
	}
	if err != nil || r == nil {
		return plugin.ReadResponse{}, err
	}
	return plugin.ReadResponse{ReadResult: plugin.ReadResult{
		ID: resource.ID(r.ID), Inputs: markSecrets(engine(r.Inputs), req.Inputs, nil), Outputs: markSecrets(engine(r.Outputs), req.State, nil),
	}}, nil
}

// Delete takes an object away, and what lives in a namespace with it.
func (p *kubernetesProvider) Delete(ctx context.Context, req plugin.DeleteRequest) (plugin.DeleteResponse, error) {
	k, err := p.kindOf(string(req.Type))
	if err != nil {
		return plugin.DeleteResponse{}, err
	}
	err = p.call(ctx, "delete", k, req.URN, string(req.ID), func(t *tx, cluster *Resource) error {
		scope := clusterScope(text(cluster.Outputs, "arn"))
		r, err := t.get(scope, k.token, string(req.ID))
		if err != nil || r == nil {
			return err
		}
		o := &object{tx: t, cluster: cluster, scope: scope, kind: k, doc: r.Inputs, old: r}
		o.names()
		return o.remove()
	})
	if errors.Is(err, errUnreachable) && p.deleteUnreachable {
		return plugin.DeleteResponse{}, nil
	}
	return plugin.DeleteResponse{}, err
}

// remove takes the object out of the cluster.
func (o *object) remove() error {
	if err := o.released(); err != nil {
		return err
	}
	if o.kind.token != typeNamespace {
		return o.tx.remove(o.old)
	}
	var inside []*object
	err := o.each(func(r *Resource) error {
		k := kinds[r.Type]
		if r.Scope != o.scope || k == nil {
			return nil
		}
		c := &object{tx: o.tx, cluster: o.cluster, scope: o.scope, kind: k, doc: r.Inputs, old: r}
		if c.names(); c.namespace == o.name {
			inside = append(inside, c)
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, c := range inside {
		if err := c.remove(); err != nil {
			return fmt.Errorf("namespace %q is stuck in phase Terminating: %w", o.name, err)
		}
	}
	return o.tx.remove(o.old)
}

// into decodes a document into a typed object.
func into(doc map[string]any, v any) error {
	raw, err := json.Marshal(doc)
	if err != nil {
		return err
	}
	return json.Unmarshal(raw, v)
}
