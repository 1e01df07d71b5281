package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	ctyjson "github.com/zclconf/go-cty/cty/json"

	"github.com/tandem-platform/tandem/sandbox/cloud/facts"
	"github.com/tandem-platform/tandem/sandbox/terraform"
)

// given are attributes that a plan of a type cannot do without, though the
// schema does not require them.
var given = map[string]map[string]cty.Value{
	"aws_dynamodb_table": {
		"billing_mode": cty.StringVal("PAY_PER_REQUEST"), "hash_key": cty.StringVal("a"),
		"attribute.": cty.NilVal, "attribute.name": cty.StringVal("a"), "attribute.type": cty.StringVal("S"),
	},
	"aws_lambda_function": {
		"handler": cty.StringVal("main.handle"), "runtime": cty.StringVal("python3.13"),
	},
	"aws_lb_target_group": {
		"port": cty.NumberIntVal(80), "protocol": cty.StringVal("HTTP"), "vpc_id": cty.StringVal("vpc-1"),
	},
}

// together are attributes that can only change with others, by type.
var together = map[string]map[string][]string{
	"aws_dynamodb_table": {
		"hash_key":                         {"attribute.name"},
		"range_key":                        {"attribute.name", "hash_key"},
		"local_secondary_index.range_key":  {"attribute.name", "hash_key"},
		"global_secondary_index.hash_key":  {"attribute.name", "hash_key"},
		"global_secondary_index.range_key": {"attribute.name", "hash_key", "global_secondary_index.hash_key"},
	},
}

// ask completes a resource's facts with what the provider says.
func ask(p *terraform.Provider, tok string, res *facts.Resource, f *facts.Facts) error {
	typ, err := p.Type(tok)
	if err != nil {
		return err
	}
	res.Terraform = typ
	schema := p.Schemas[typ]
	q := &question{
		p: p, typ: typ, schema: schema, tok: tok, res: res, f: f,
		names: map[string]string{}, blocks: map[string]string{}, conflicted: map[string]string{}, rules: map[string]facts.Group{},
		deep: schema.Size() > 1000,
	}
	q.translate(schema, "", "", res.Outputs)
	if len(q.unnamed) > 0 {
		return fmt.Errorf("%s: no Pulumi name for %s of %s: add them to renamed of package terraform", tok, strings.Join(q.unnamed, ", "), typ)
	}
	if err := q.creation(); err != nil {
		return fmt.Errorf("%s: planning a creation: %w", tok, err)
	}
	if q.deep {
		if err := q.changeAll(); err != nil {
			return fmt.Errorf("%s: planning a change: %w", tok, err)
		}
	} else {
		for _, path := range sortedKeys(q.names) {
			q.change(path)
		}
	}
	if err := errors.Join(q.values(), q.items(schema, ""), q.groups()); err != nil {
		return fmt.Errorf("%s: %w", tok, err)
	}
	q.sensitive()
	slices.Sort(res.Replace)
	slices.Sort(res.Sets)
	slices.Sort(res.Needs)
	slices.Sort(res.Computed)
	return nil
}

// question is what is asked about one type.
type question struct {
	p        *terraform.Provider
	typ, tok string
	schema   *terraform.Block
	res      *facts.Resource
	f        *facts.Facts
	// names maps the Terraform paths of attributes to Pulumi paths, blocks
	// those of blocks.
	names, blocks map[string]string
	unnamed       []string
	// conflicted maps a Terraform path to the last that was said to be in
	// conflict with it.
	conflicted map[string]string
	rules      map[string]facts.Group
	// deep says that the type is so large that the provider needs a good part
	// of a second for each answer, so that the questions have to be few. A web
	// ACL is.
	deep bool
}

// translate finds the Pulumi name of every attribute, and notes the sets.
func (q *question) translate(b *terraform.Block, tfPath, path string, obj facts.Object) {
	below := func(parent, name string) string { return strings.TrimPrefix(parent+"."+name, ".") }
	for _, name := range sortedKeys(b.Attributes) {
		a := b.Attributes[name]
		many := a.Type.IsListType() || a.Type.IsSetType()
		p := terraform.PulumiName(q.tok, name, many, obj)
		if p == "" {
			// Write-only values are of no use to Pulumi, and left out.
			if name != "id" && !strings.Contains(name+"_", "_wo_") && (a.Required || a.Optional) {
				q.unnamed = append(q.unnamed, below(tfPath, name))
			}
			continue
		}
		q.names[below(tfPath, name)] = below(path, p)
		if a.Type.IsSetType() && strings.HasPrefix(obj[p].Type, "[]") {
			q.res.Sets = append(q.res.Sets, below(path, p))
		}
	}
	for _, name := range sortedKeys(b.Blocks) {
		n := b.Blocks[name]
		p := terraform.PulumiName(q.tok, name, n.Many(), obj)
		if p == "" {
			if name != "timeouts" {
				q.unnamed = append(q.unnamed, below(tfPath, name))
			}
			continue
		}
		elem := obj[p].Type
		q.blocks[below(tfPath, name)] = below(path, p)
		if e, ok := facts.Elem(elem); ok {
			elem = e
			if n.Nesting == terraform.Set {
				q.res.Sets = append(q.res.Sets, below(path, p))
			}
		}
		// A web ACL's statements hold statements without end, and replace
		// nothing.
		if inner := q.f.Nested(elem); inner != nil && name != "statement" {
			q.translate(n.Block, below(tfPath, name), below(path, p), inner)
		}
	}
}

// creation plans a resource with the least that it needs: what the plan holds
// besides are defaults, and what it does not know is computed.
func (q *question) creation() error {
	config := q.schema.Sample(q.given, "")
	planned, _, err := q.p.Plan(q.typ, cty.NullVal(q.schema.ImpliedType()), config, config)
	if err != nil {
		return err
	}
	q.res.Defaults = map[string]any{}
	for name, a := range q.schema.Attributes {
		p := q.names[name]
		if p == "" {
			continue
		}
		v := planned.GetAttr(name)
		switch {
		case !v.IsWhollyKnown():
			q.res.Computed = append(q.res.Computed, p)
		case !v.IsNull() && !a.Required && !a.Computed && !fixed(q.typ, name) && q.res.Inputs[p].Type != "":
			if q.res.Defaults[p], err = defaultValue(v, q.res.Inputs[p].Type); err != nil {
				return err
			}
		}
	}
	for name := range q.schema.Blocks {
		if p := q.block(name); p != "" && !planned.GetAttr(name).IsWhollyKnown() {
			q.res.Computed = append(q.res.Computed, p)
		}
	}
	return nil
}

// block is the Pulumi name of a top-level block.
func (q *question) block(name string) string {
	for tf, p := range q.names {
		if strings.HasPrefix(tf, name+".") {
			first, _, _ := strings.Cut(p, ".")
			return first
		}
	}
	return ""
}

// change plans a change of one attribute and notes whether it replaces.
func (q *question) change(path string) {
	a := q.attribute(path)
	if a == nil || (!a.Required && !a.Optional) {
		return
	}
	value := func(i int) cty.Value {
		return q.schema.Sample(func(p string) (cty.Value, bool) {
			switch {
			case p == path || slices.Contains(together[q.typ][path], p):
				return terraform.Example(p[strings.LastIndex(p, ".")+1:], q.attribute(p).Type, i), true
			case strings.HasSuffix(p, ".") && strings.HasPrefix(path, p):
				return cty.NilVal, true // a block on the way
			case p == "id":
				return cty.StringVal("a"), true
			}
			return q.given(p)
		}, "")
	}
	prior, proposed := value(0), value(1)
	config := withoutID(proposed)
	_, replace, err := q.p.Plan(q.typ, prior, proposed, config)
	if err != nil {
		// The provider refuses the change for a reason of its own, such as
		// two properties that go together only.
		q.res.Unasked = append(q.res.Unasked, q.names[path])
		return
	}
	q.replaced(path, replace)
}

// replaced notes the attribute at path if its change is among those that replace.
func (q *question) replaced(path string, replace []string) {
	for _, r := range replace {
		if r == path || strings.HasPrefix(path, r+".") || strings.HasPrefix(r, path+".") {
			if p := q.names[path]; !slices.Contains(q.res.Replace, p) {
				q.res.Replace = append(q.res.Replace, p)
			}
		}
	}
}

// changeAll plans a change of all attributes at once.
func (q *question) changeAll() error {
	value := func(i int) cty.Value {
		m := q.everything(q.schema, "", nil, i).AsValueMap()
		m["id"] = cty.StringVal("a")
		return cty.ObjectVal(m)
	}
	prior, proposed := value(0), value(1)
	_, replace, err := q.p.Plan(q.typ, prior, proposed, withoutID(proposed))
	for _, path := range sortedKeys(q.names) {
		if a := q.attribute(path); a != nil && (a.Required || a.Optional) {
			q.replaced(path, replace)
		}
	}
	return err
}

// fixed says whether a plan was given the attribute.
func fixed(typ, name string) bool {
	_, ok := given[typ][name]
	return ok
}

// defaultValue is a default in the type that Pulumi gives the property, which
// is not always Terraform's.
func defaultValue(v cty.Value, want string) (any, error) {
	if v.Type() == cty.String && v.AsString() == "Managed by Terraform" {
		return "Managed by Pulumi", nil // as the bridge has it
	}
	types := map[string]cty.Type{"string": cty.String, "int": cty.Number, "number": cty.Number, "bool": cty.Bool}
	if t, ok := types[want]; ok {
		var err error
		if v, err = convert.Convert(v, t); err != nil {
			return nil, err
		}
	}
	return jsonValue(v)
}

// jsonValue is a known value as JSON gives it.
func jsonValue(v cty.Value) (any, error) {
	raw, err := ctyjson.Marshal(v, v.Type())
	if err != nil {
		return nil, err
	}
	var out any
	return out, json.Unmarshal(raw, &out)
}

// given is the value of an attribute that a plan of the type needs.
func (q *question) given(path string) (cty.Value, bool) {
	v, ok := given[q.typ][path]
	return v, ok // a path that ends in a dot is a block to make, without a value
}

func withoutID(v cty.Value) cty.Value {
	m := v.AsValueMap()
	if id, ok := m["id"]; ok {
		m["id"] = cty.NullVal(id.Type())
	}
	return cty.ObjectVal(m)
}

func (q *question) attribute(path string) *terraform.Attribute {
	steps := strings.Split(path, ".")
	b := q.schema
	for _, s := range steps[:len(steps)-1] {
		if b.Blocks[s] == nil {
			return nil
		}
		b = b.Blocks[s].Block
	}
	return b.Attributes[steps[len(steps)-1]]
}

// askAll completes the facts of every AWS resource. Of those in kept nothing is
// asked.
func askAll(f *facts.Facts, kept map[string]*facts.Resource) (err error) {
	p, err := terraform.Start()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.Close()) }()
	if err := p.Configure(); err != nil {
		return err
	}
	f.Versions["terraform-provider-aws"] = terraform.Version
	var problems []error
	for _, tok := range sortedKeys(f.Resources) {
		if !strings.HasPrefix(tok, "aws:") {
			continue
		}
		if have := kept[tok]; have != nil {
			now := *have
			now.Inputs, now.Outputs, now.Secret = f.Resources[tok].Inputs, f.Resources[tok].Outputs, f.Resources[tok].Secret
			f.Resources[tok] = &now
		} else {
			problems = append(problems, ask(p, tok, f.Resources[tok], f))
		}
	}
	return errors.Join(problems...)
}
