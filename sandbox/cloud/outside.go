package cloud

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// What follows looks at the clouds and changes them as somebody does who has a
// console and no program.

// ScopeOf is where a provider with these settings, as a state has them, finds
// resources of a type. What is in no store, such as what the random provider
// draws, has the zero Scope; so has an object of a cluster that is not there.
func (c *Cloud) ScopeOf(provider map[string]any, typ string) (Scope, error) {
	switch m := models[typ]; {
	case m != nil && m.Service == "Datadog":
		return Scope{Package: "datadog"}, nil
	case m != nil:
		s := modelled{base: base{c: c}, scope: Scope{Package: "aws", Account: c.account, Region: text(provider, "region")}}
		return s.scopeOf(m), nil
	case kinds[typ] == nil:
		return Scope{}, nil
	}
	p := kubernetesProvider{base: base{c: c}}
	if err := p.read(text(provider, "kubeconfig"), text(provider, "context")); err != nil {
		return Scope{}, err
	}
	var cluster *Resource
	err := c.view(func(t *tx) (err error) {
		cluster, err = p.reach(t)
		return err
	})
	if errors.Is(err, errUnreachable) {
		return Scope{}, nil
	}
	if err != nil {
		return Scope{}, err
	}
	return clusterScope(text(cluster.Outputs, "arn")), nil
}

// MadeOf says whether the resource was made of exactly these inputs, which may
// hold secrets and the engine's own properties.
func (r *Resource) MadeOf(inputs resource.PropertyMap) bool {
	want, err := json.Marshal(plain(inputs))
	if err != nil {
		return false
	}
	have, err := json.Marshal(r.Inputs)
	return err == nil && string(want) == string(have)
}

// Key names the resource in the whole store.
func (r *Resource) Key() string { return key(r.Scope, r.Type, r.ID) }

// Key names a resource of a type in a scope; see [Resource.Key].
func (s Scope) Key(typ, id string) string { return key(s, typ, id) }

// Delete deletes a resource, as far as the cloud lets that be done: what is in
// use or protected stays.
func (c *Cloud) Delete(r *Resource) error {
	return c.update(func(t *tx) error {
		now, err := t.get(r.Scope, r.Type, r.ID)
		if err != nil || now == nil {
			return err
		}
		if models[r.Type] != nil {
			return t.erase(now, now.Scope.Region)
		}
		o, err := t.objectOf(now)
		if err != nil {
			return err
		}
		return o.remove()
	})
}

// objectOf is an object of a cluster as it is.
func (t *tx) objectOf(r *Resource) (*object, error) {
	o := &object{tx: t, scope: r.Scope, kind: kinds[r.Type], doc: clone(r.Inputs), old: r}
	o.names()
	clusters, err := t.find(r.Scope.Account, typeCluster)
	if err != nil {
		return nil, err
	}
	if len(clusters) == 0 {
		return nil, fmt.Errorf("%w: there is no cluster %s", errUnreachable, r.Scope.Account)
	}
	o.cluster = clusters[0]
	return o, nil
}

// Change sets an input of a resource, by its path, to a JSON value, as far as
// the cloud lets that be done. The error says if the resource has no such
// property, cannot have the value, or would have to be replaced.
func (c *Cloud) Change(r *Resource, path string, value any) error {
	return c.update(func(t *tx) error {
		now, err := t.get(r.Scope, r.Type, r.ID)
		if err != nil {
			return err
		}
		if now == nil {
			return fmt.Errorf("there is no %s %s", r.Type, r.ID)
		}
		if m := models[r.Type]; m != nil {
			return c.changeModelled(t, m, now, path, value)
		}
		return changeObject(t, now, path, value)
	})
}

func (c *Cloud) changeModelled(t *tx, m *model, now *Resource, path string, value any) error {
	f := c.facts.Resources[now.Type]
	if slices.ContainsFunc(f.Replace, func(p string) bool { return under(bare(path), p) }) {
		return fmt.Errorf("%s of a %s cannot be changed: it would be another resource", path, m.Type)
	}
	o := &op{
		tx: t, m: m, urn: now.URN, scope: now.Scope, region: now.Scope.Region, id: now.ID,
		in: clone(now.Inputs), out: map[string]any{}, tmp: map[string]any{}, old: now,
	}
	if err := set(o.in, path, value); err != nil {
		return err
	}
	if under(path, "tags") && o.in["tagsAll"] != nil { // both are the tags that the resource has
		if err := set(o.in, "tagsAll"+path[len("tags"):], value); err != nil {
			return err
		}
	}
	asked := engine(o.in)
	delete(asked, "tagsAll") // the provider's own
	if failures := c.shape(f.Inputs, asked, ""); len(failures) > 0 {
		return fmt.Errorf("%s: %s", failures[0].Property, failures[0].Reason)
	}
	_, err := o.change(f)
	return err
}

func changeObject(t *tx, now *Resource, path string, value any) error {
	o, err := t.objectOf(now)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(append([]string{"metadata.name", "metadata.namespace", "apiVersion", "kind"}, o.kind.replace...), func(p string) bool {
		// A mutable object's data can be changed, though Pulumi replaces it.
		return under(path, p) && !slices.Contains([]string{"data", "binaryData", "stringData"}, p)
	}) {
		return fmt.Errorf("%s of a %s cannot be changed: it would be another object", path, o.kind.token)
	}
	if err := set(o.doc, path, value); err != nil {
		return err
	}
	if o.kind.Kind != nil {
		for _, f := range o.kind.check(o.doc, true) {
			return fmt.Errorf("%s: %s", f.Property, f.Reason)
		}
	}
	if err := o.admit(); err != nil {
		return err
	}
	out, err := o.live(now.URN)
	if err != nil {
		return err
	}
	return t.put(&Resource{Type: now.Type, ID: now.ID, URN: now.URN, Scope: now.Scope, Inputs: o.doc, Outputs: out})
}

// set sets the value at a path, and makes the objects on the way. nil takes the
// value away.
func set(m map[string]any, path string, value any) error {
	p, err := resource.ParsePropertyPath(path)
	if err != nil {
		return fmt.Errorf("property path %q: %w", path, err)
	}
	root := resource.NewObjectProperty(engine(m))
	if value == nil {
		p.Delete(root)
	} else if _, ok := p.Add(root, resource.NewPropertyValue(value)); !ok {
		return fmt.Errorf("property path %q leads through what is no object and no list", path)
	}
	clear(m)
	for k, v := range plain(root.ObjectValue()) {
		m[k] = v
	}
	return nil
}
