package cloud

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"

	"github.com/tandem-platform/tandem/sandbox/cloud/facts"
)

// modelled is a provider whose types are all in the tables, on one connection.
type modelled struct {
	base
	// scope is where the connection's regional resources live. It is zero
	// until the connection has been configured.
	scope Scope
	// tags are the provider's default tags, nil where there is no such thing.
	tags resource.PropertyMap
}

// of returns the model and the facts of a type, an error that names it if the
// tables do not have it.
func (s *modelled) of(typ string) (*model, *facts.Resource, error) {
	if s.scope.Package == "" {
		return nil, nil, s.unconfigured()
	}
	m := models[typ]
	if m == nil {
		return nil, nil, notModelled("resource type", typ)
	}
	f := s.c.facts.Resources[typ]
	if f == nil {
		return nil, nil, fmt.Errorf("there are no facts about %s: run go generate ./sandbox/cloud/facts", typ)
	}
	return m, f, nil
}

func (s *modelled) scopeOf(m *model) Scope {
	sc := s.scope
	if m.Global {
		sc.Region = Global
	}
	return sc
}

// call runs an operation on a resource as far as faults let it.
func (s *modelled) call(ctx context.Context, verb string, m *model, urn resource.URN, o *op, do func() error) error {
	region := s.scope.Region
	if m.Global && !m.Everywhere && s.scope.Package == "aws" {
		region = globalControl
	}
	return s.c.call(ctx, Operation{
		Verb: verb, Type: m.Type, URN: string(urn), Region: region,
		Service: m.Service, Endpoint: endpoint(m.Service, region), Resource: o.label(),
	}, do)
}

// Check fills in defaults and the name, and reports what is wrong.
func (s *modelled) Check(_ context.Context, req plugin.CheckRequest) (plugin.CheckResponse, error) {
	m, f, err := s.of(string(req.Type))
	if err != nil {
		return plugin.CheckResponse{}, err
	}
	in := req.News.Copy()
	var filled []resource.PropertyValue
	fill := func(name string, v resource.PropertyValue) {
		in[resource.PropertyKey(name)] = v
		filled = append(filled, resource.NewStringProperty(name))
	}
	for _, name := range sortedNames(f.Defaults) {
		if !in.HasValue(resource.PropertyKey(name)) {
			fill(name, resource.NewPropertyValue(f.Defaults[name]))
		}
	}
	if a := m.auto(); !a.none && f.Inputs[a.prop].Type == "string" && !in.HasValue(resource.PropertyKey(a.prop)) &&
		!in.HasValue(resource.PropertyKey(a.prop+"Prefix")) {
		name, err := autonamed(a, req)
		if err != nil {
			return plugin.CheckResponse{}, err
		}
		if name != "" {
			fill(a.prop, resource.NewStringProperty(name))
		}
	}
	failures := append(s.c.shape(f.Inputs, in, ""), demands(f, in, req.News)...)
	for i := range failures {
		failures[i].Reason = fmt.Sprintf("%s resource '%s' has a problem: %s", m.Type, req.URN.Name(), failures[i].Reason)
	}
	if _, taggable := f.Outputs["tagsAll"]; taggable && s.tags != nil {
		in["tagsAll"] = mergedTags(s.tags, in["tags"])
	}
	if len(filled) > 0 {
		in[defaultsKey] = resource.NewArrayProperty(filled)
	}
	return plugin.CheckResponse{Properties: in, Failures: failures}, nil
}

// autonamed makes a name from the resource's, with a random part that the
// engine's seed decides. A name that was made before is kept.
func autonamed(a autoname, req plugin.CheckRequest) (string, error) {
	key := resource.PropertyKey(a.prop)
	if old, ok := req.Olds[key]; ok && isDefaulted(req.Olds, a.prop) && reveal(old).IsString() {
		return reveal(old).StringValue(), nil
	}
	if req.Autonaming != nil {
		if req.Autonaming.Mode == plugin.AutonamingModeDisabled {
			return "", nil
		}
		return req.Autonaming.ProposedName, nil
	}
	base := req.URN.Name()
	if a.lower {
		base = strings.ToLower(base)
	}
	return named(req.RandomSeed, a.prefix+base+"-", a.max, a.suffix)
}

func named(seed []byte, prefix string, limit int, suffix string) (string, error) {
	name, err := resource.NewUniqueName(seed, prefix, 7, limit-len(suffix), nil)
	if err != nil {
		return "", fmt.Errorf("making a name from %q: %w", prefix, err)
	}
	return name + suffix, nil
}

func isDefaulted(m resource.PropertyMap, name string) bool {
	d, ok := m[defaultsKey]
	return ok && d.IsArray() && slices.ContainsFunc(d.ArrayValue(), func(v resource.PropertyValue) bool {
		return v.IsString() && v.StringValue() == name
	})
}

// mergedTags are the provider's default tags with the resource's own over them.
func mergedTags(defaults resource.PropertyMap, own resource.PropertyValue) resource.PropertyValue {
	merged := defaults.Copy()
	if unknown(own) {
		return resource.MakeComputed(resource.NewStringProperty(""))
	}
	if v := reveal(own); v.IsObject() {
		for k, t := range v.ObjectValue() {
			merged[k] = t
		}
	}
	if merged.ContainsUnknowns() {
		return resource.MakeComputed(resource.NewStringProperty(""))
	}
	return resource.NewObjectProperty(merged)
}

// Diff compares the old and the new inputs.
func (s *modelled) Diff(_ context.Context, req plugin.DiffRequest) (plugin.DiffResponse, error) {
	m, f, err := s.of(string(req.Type))
	if err != nil {
		return plugin.DiffResponse{}, err
	}
	detailed := compare(req.OldInputs, req.NewInputs, f.Replace, f.Sets)
	for path, d := range detailed {
		// What the provider computes where the program says nothing stays as it is.
		if (d.Kind == plugin.DiffDelete || d.Kind == plugin.DiffDeleteReplace) && slices.Contains(f.Computed, path) {
			delete(detailed, path)
		}
	}
	for _, name := range unset(f, req.OldInputs, req.OldOutputs, req.NewInputs, req.IgnoreChanges) {
		kind := plugin.DiffDelete
		if slices.Contains(f.Replace, name) {
			kind = plugin.DiffDeleteReplace
		}
		detailed[name] = plugin.PropertyDiff{Kind: kind}
	}
	if len(detailed) == 0 {
		return plugin.DiffResponse{Changes: plugin.DiffNone}, nil
	}
	resp := plugin.DiffResponse{Changes: plugin.DiffSome, DetailedDiff: detailed}
	// A name that the program gave is still taken while the old resource
	// is there, so that one goes first, as with the bridge.
	if a := m.auto(); !a.none {
		k := resource.PropertyKey(a.prop)
		n, given := req.NewInputs[k]
		resp.DeleteBeforeReplace = given && !isDefaulted(req.NewInputs, a.prop) && n.DeepEquals(req.OldInputs[k])
	}
	return resp, nil
}

// unset are the inputs that the state has a value of, read from the cloud, and
// that the program has never given. Terraform compares its state with the
// program, so where the provider does not compute the property itself, it takes
// such a value for one to be taken away, unless changes of it are ignored.
func unset(f *facts.Resource, oldIn, old, in resource.PropertyMap, ignored []string) []string {
	var names []string
	for _, name := range sortedNames(f.Inputs) {
		k := resource.PropertyKey(name)
		if oldIn.HasValue(k) || in.HasValue(k) || slices.Contains(f.Computed, name) || slices.Contains(ignored, name) {
			continue
		}
		switch v := reveal(old[k]); {
		case empty(v), unknown(v), v.V == false, v.V == 0.0, v.V == "": // Terraform does not tell these from no value
		default:
			names = append(names, name)
		}
	}
	return names
}

// describe fills in what a read finds beside the resource itself.
func (t *tx) describe(r *Resource) error {
	if m := models[r.Type]; m.Describe != nil {
		return m.Describe(t, r)
	}
	return nil
}

// foreseen are the outputs as far as they are known before an operation: the
// inputs, and what was there before; what the service will set is unknown.
func foreseen(m *model, f *facts.Resource, in, old resource.PropertyMap) resource.PropertyMap {
	unknown := resource.MakeComputed(resource.NewStringProperty(""))
	out := resource.PropertyMap{}
	for k, v := range in {
		if !internal(string(k)) {
			out[k] = v
		}
	}
	for name, p := range f.Outputs {
		k := resource.PropertyKey(name)
		if out.HasValue(k) {
			continue
		}
		_, input := f.Inputs[name]
		if before, ok := old[k]; ok && (!input || slices.Contains(f.Computed, name)) && !slices.Contains(m.Volatile, name) {
			out[k] = before
		} else if old == nil && (p.Required || !input || slices.Contains(f.Computed, name)) || slices.Contains(m.Volatile, name) {
			out[k] = unknown
		}
	}
	for path := range m.Set {
		steps := steps(path)
		if len(steps) != 2 {
			continue
		}
		parent, ok := out[resource.PropertyKey(steps[0].name)]
		if !ok || !parent.IsObject() || parent.ObjectValue().HasValue(resource.PropertyKey(steps[1].name)) {
			continue
		}
		obj := parent.ObjectValue().Copy()
		obj[resource.PropertyKey(steps[1].name)] = unknown
		if before, ok := old[resource.PropertyKey(steps[0].name)]; ok && reveal(before).IsObject() {
			if v, ok := reveal(before).ObjectValue()[resource.PropertyKey(steps[1].name)]; ok {
				obj[resource.PropertyKey(steps[1].name)] = v
			}
		}
		out[resource.PropertyKey(steps[0].name)] = resource.NewObjectProperty(obj)
	}
	return hide(markSecrets(out, in, f.Secret), f.Sensitive)
}

// Create makes a resource, or in a preview says what is known of it.
func (s *modelled) Create(ctx context.Context, req plugin.CreateRequest) (plugin.CreateResponse, error) {
	m, f, err := s.of(string(req.Type))
	if err != nil {
		return plugin.CreateResponse{}, err
	}
	if req.Preview {
		return plugin.CreateResponse{Properties: foreseen(m, f, req.Properties, nil)}, nil
	}
	o := &op{
		m: m, urn: string(req.URN), scope: s.scopeOf(m), region: s.scope.Region,
		in: plain(req.Properties), out: map[string]any{}, tmp: map[string]any{},
	}
	var made *Resource
	err = s.call(ctx, "create", m, req.URN, o, func() error {
		return s.c.update(func(t *tx) error {
			o.tx = t
			if o.seq, err = t.birth(string(req.URN)); err != nil {
				return err
			}
			if err := o.apply(f); err != nil {
				return err
			}
			if before, err := t.get(o.scope, m.Type, o.id); err != nil {
				return err
			} else if before != nil && len(m.Unique) > 0 {
				return o.refuse(m.Exists, "%s already exists", o.id)
			}
			if made, err = o.store(); err != nil {
				return err
			}
			return t.describe(made)
		})
	})
	if err != nil {
		return plugin.CreateResponse{}, err
	}
	return plugin.CreateResponse{
		ID:         resource.ID(made.ID),
		Properties: hide(markSecrets(engine(made.Outputs), req.Properties, f.Secret), f.Sensitive),
	}, nil
}

// Update changes a resource, or in a preview says what is known of it.
func (s *modelled) Update(ctx context.Context, req plugin.UpdateRequest) (plugin.UpdateResponse, error) {
	m, f, err := s.of(string(req.Type))
	if err != nil {
		return plugin.UpdateResponse{}, err
	}
	if req.Preview {
		return plugin.UpdateResponse{Properties: foreseen(m, f, req.NewInputs, req.OldOutputs)}, nil
	}
	o := &op{
		m: m, urn: string(req.URN), scope: s.scopeOf(m), region: s.scope.Region,
		id: string(req.ID), in: plain(req.NewInputs), out: map[string]any{}, tmp: map[string]any{},
	}
	var made *Resource
	err = s.call(ctx, "update", m, req.URN, o, func() error {
		return s.c.update(func(t *tx) error {
			o.tx = t
			if o.old, err = t.get(o.scope, m.Type, o.id); err != nil {
				return err
			}
			if o.old == nil {
				return o.fail("updating", "ResourceNotFoundException", "%s does not exist in %s", req.ID, s.place())
			}
			for _, name := range m.Moves {
				k := resource.PropertyKey(name)
				if now, ok := o.old.Inputs[name]; ok && reveal(req.OldInputs[k]).DeepEquals(reveal(req.NewInputs[k])) {
					o.in[name] = now
				}
			}
			o.unset = unset(f, req.OldInputs, req.OldOutputs, req.NewInputs, req.IgnoreChanges)
			if made, err = o.change(f); err != nil {
				return err
			}
			return t.describe(made)
		})
	})
	if err != nil {
		return plugin.UpdateResponse{}, err
	}
	return plugin.UpdateResponse{Properties: hide(markSecrets(engine(made.Outputs), req.NewInputs, f.Secret), f.Sensitive)}, nil
}

// change brings the resource from what was before to its inputs.
func (o *op) change(f *facts.Resource) (*Resource, error) {
	// What the inputs no longer say goes, unless the cloud computes it.
	for k, v := range o.old.Outputs {
		if _, input := o.old.Inputs[k]; !input || slices.Contains(f.Computed, k) {
			o.out[k] = v
		}
	}
	if err := o.apply(f); err != nil {
		return nil, err
	}
	return o.store()
}

// place names the connection's scope in an error.
func (s *modelled) place() string {
	if s.scope.Region == "" {
		return s.scope.Package
	}
	return s.scope.Region
}

// apply checks the inputs against the rest of the cloud and computes the
// outputs.
func (o *op) apply(f *facts.Resource) error {
	maps.Copy(o.out, clone(o.in))
	if o.old != nil {
		// What the service set stays, within the inputs' objects too.
		for path := range o.m.Set {
			if v := at(o.old.Outputs, path); v != nil && at(o.out, path) == nil {
				put(o.out, path, v)
			}
		}
	}
	refs, err := o.resolve()
	if err != nil {
		return err
	}
	if err := o.oneNetwork(refs); err != nil {
		return err
	}
	if o.m.Check != nil {
		if err := o.m.Check(o); err != nil {
			return err
		}
	}
	if err := o.keysAdmit(); err != nil {
		return err
	}
	if o.id == "" {
		id, ok := o.expand(o.m.ID, "id")
		if !ok {
			return fmt.Errorf("%s: the id %q names a property that has no value", o.m.Type, o.m.ID)
		}
		o.id = id
	}
	o.out["id"] = o.id
	if err := o.set(); err != nil {
		return err
	}
	if o.m.Compute != nil {
		if err := o.m.Compute(o); err != nil {
			return err
		}
	}
	delete(o.out, "id")
	o.refs = refs
	return errors.Join(o.unique(), o.within())
}

// set computes the outputs that templates say. Those that name other outputs
// wait for them.
func (o *op) set() error {
	todo := sortedNames(o.m.Set)
	for progress := true; progress && len(todo) > 0; {
		progress = false
		var rest []string
		for _, path := range todo {
			if o.old == nil && at(o.in, path) != nil || o.old != nil && at(o.out, path) != nil && !slices.Contains(o.m.Volatile, path) {
				continue
			}
			template, list := strings.CutPrefix(o.m.Set[path], "[")
			v, ok := o.expand(strings.TrimSuffix(template, "]"), path)
			if !ok {
				rest = append(rest, path)
				continue
			}
			progress = true
			var val any = v
			if list {
				val = []any{v}
			}
			put(o.out, path, val)
		}
		todo = rest
	}
	return nil
}

// store writes the outcome down.
func (o *op) store() (*Resource, error) {
	r := &Resource{
		Type: o.m.Type, ID: o.id, URN: o.urn, Scope: o.scope,
		Inputs: o.in, Outputs: o.out, Refs: o.refs,
	}
	return r, o.put(r)
}

// Read returns a resource as it is, nothing if it is gone.
func (s *modelled) Read(ctx context.Context, req plugin.ReadRequest) (plugin.ReadResponse, error) {
	m, f, err := s.of(string(req.Type))
	if err != nil {
		return plugin.ReadResponse{}, err
	}
	var r *Resource
	if err := s.call(ctx, "read", m, req.URN, &op{m: m, id: string(req.ID)}, func() error {
		return s.c.view(func(t *tx) (err error) {
			if r, err = t.get(s.scopeOf(m), m.Type, string(req.ID)); err != nil || r == nil {
				return err
			}
			return t.describe(r)
		})
	}); err != nil || r == nil {
		return plugin.ReadResponse{}, err
	}
	if len(req.Inputs) == 0 { // an import, with no state to keep them from
		for name, v := range m.Virtual {
			for _, values := range []map[string]any{r.Inputs, r.Outputs} {
				if values[name] = v; v == nil {
					delete(values, name)
				}
			}
		}
	}
	in := markSecrets(engine(r.Inputs), req.Inputs, f.Secret)
	if d, ok := req.Inputs[defaultsKey]; ok {
		in[defaultsKey] = d
	}
	keepFiles(in, req.Inputs)
	return plugin.ReadResponse{ReadResult: plugin.ReadResult{
		ID: resource.ID(r.ID), Inputs: in, Outputs: hide(markSecrets(engine(r.Outputs), req.State, f.Secret), f.Sensitive),
	}}, nil
}

// keepFiles puts the files of a state in the place of those that are the same in the
// cloud, of which only a hash is kept here.
func keepFiles(m, state resource.PropertyMap) {
	for k, file := range state {
		if v := reveal(file); !v.IsAsset() && !v.IsArchive() {
			continue
		}
		if hash, _ := plainValue(file); m.HasValue(k) && reveal(m[k]).V == hash {
			m[k] = file
		}
	}
}

// Delete takes a resource away, if nothing holds it.
func (s *modelled) Delete(ctx context.Context, req plugin.DeleteRequest) (plugin.DeleteResponse, error) {
	m, _, err := s.of(string(req.Type))
	if err != nil {
		return plugin.DeleteResponse{}, err
	}
	return plugin.DeleteResponse{}, s.call(ctx, "delete", m, req.URN, &op{m: m, id: string(req.ID)}, func() error {
		return s.c.update(func(t *tx) error {
			r, err := t.get(s.scopeOf(m), m.Type, string(req.ID))
			if err != nil || r == nil {
				return err // what is gone already is as good as deleted
			}
			return t.erase(r, s.scope.Region)
		})
	})
}

// erase takes a resource of the tables away, if nothing holds it.
func (t *tx) erase(r *Resource, region string) error {
	m := models[r.Type]
	o := &op{tx: t, m: m, urn: r.URN, scope: r.Scope, region: region, id: r.ID, in: r.Inputs, out: r.Outputs, old: r}
	if m.Protect != "" && truth(r.Outputs, m.Protect) {
		return o.fail("deleting", "OperationNotPermitted", "%s is set: switch it off first", m.Protect)
	}
	if err := o.released(r); err != nil {
		return err
	}
	if m.Gone != nil {
		if err := m.Gone(o); err != nil {
			return err
		}
	}
	return t.remove(r)
}
