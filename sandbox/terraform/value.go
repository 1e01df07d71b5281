package terraform

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

// Value is the value of a block of which Terraform's JSON is given: names to
// values, with ${…} for a value that is not known, and a list or an object for a
// block within.
func (b *Block) Value(in map[string]any) (cty.Value, error) {
	m := map[string]cty.Value{}
	var err error
	for name, a := range b.Attributes {
		if m[name], err = attribute(in[name], a.Type); err != nil {
			return cty.NilVal, fmt.Errorf("incorrect attribute value type: %s: %w", name, err)
		}
		if a.Required && m[name].IsNull() {
			return cty.NilVal, fmt.Errorf("missing required argument: %s", name)
		}
	}
	for name, n := range b.Blocks {
		if m[name], err = n.value(in[name]); err != nil {
			return cty.NilVal, fmt.Errorf("%s: %w", name, err)
		}
	}
	return cty.ObjectVal(m), nil
}

// value is the value of a block of which there may be none, one or many.
func (n *Nested) value(in any) (cty.Value, error) {
	byKey, isMap := in.(map[string]any)
	if n.Nesting == Map && isMap {
		m := map[string]cty.Value{}
		for key, v := range byKey {
			o, _ := v.(map[string]any)
			one, err := n.Block.Value(o)
			if err != nil {
				return cty.NilVal, err
			}
			m[key] = one
		}
		if len(m) == 0 {
			return n.None(), nil
		}
		return cty.MapVal(m), nil
	}
	list, isList := in.([]any)
	if in != nil && !isList {
		list = []any{in}
	}
	if len(list) < int(n.Min) {
		return cty.NilVal, fmt.Errorf("too few blocks: at least %d are required", n.Min)
	}
	if n.Max > 0 && len(list) > int(n.Max) {
		return cty.NilVal, fmt.Errorf("too many blocks: no more than %d are allowed", n.Max)
	}
	if len(list) == 0 {
		return n.None(), nil
	}
	var all []cty.Value
	for _, e := range list {
		o, ok := e.(map[string]any)
		if !ok {
			return cty.NilVal, fmt.Errorf("it is %v, not a block", e)
		}
		v, err := n.Block.Value(o)
		if err != nil {
			return cty.NilVal, err
		}
		all = append(all, v)
	}
	switch n.Nesting {
	case List:
		return cty.ListVal(all), nil
	case Set:
		return cty.SetVal(all), nil
	}
	return all[0], nil
}

// attribute is a JSON value as a value of a type.
func attribute(in any, t cty.Type) (cty.Value, error) {
	switch in := in.(type) {
	case nil:
		return cty.NullVal(t), nil
	case string:
		if strings.HasPrefix(in, "${") {
			return cty.UnknownVal(t), nil
		}
		return convert.Convert(cty.StringVal(strings.NewReplacer("$${", "${", "%%{", "%{").Replace(in)), t)
	case float64:
		return convert.Convert(cty.NumberFloatVal(in), t)
	case bool:
		return convert.Convert(cty.BoolVal(in), t)
	case []any:
		var all []cty.Value
		for _, e := range in {
			elem := cty.DynamicPseudoType
			if t.IsCollectionType() {
				elem = t.ElementType()
			}
			v, err := attribute(e, elem)
			if err != nil {
				return cty.NilVal, err
			}
			all = append(all, v)
		}
		return convert.Convert(cty.TupleVal(all), t)
	case map[string]any:
		m := map[string]cty.Value{}
		for _, key := range slices.Sorted(maps.Keys(in)) {
			elem := cty.DynamicPseudoType
			switch {
			case t.IsObjectType() && t.HasAttribute(key):
				elem = t.AttributeType(key)
			case t.IsMapType():
				elem = t.ElementType()
			}
			v, err := attribute(in[key], elem)
			if err != nil {
				return cty.NilVal, err
			}
			m[key] = v
		}
		return convert.Convert(cty.ObjectVal(m), t)
	}
	return cty.NilVal, fmt.Errorf("a value of type %T is no JSON", in)
}

// Proposed is what Terraform proposes for a new resource of a configuration: what
// the provider computes is not known yet.
func (b *Block) Proposed(config cty.Value) cty.Value {
	m := map[string]cty.Value{}
	for name, a := range b.Attributes {
		m[name] = config.GetAttr(name)
		if a.Computed && m[name].IsNull() {
			m[name] = cty.UnknownVal(a.Type)
		}
	}
	for name, n := range b.Blocks {
		v := config.GetAttr(name)
		m[name] = v
		if n.Nesting != List || v.IsNull() || v.LengthInt() == 0 {
			continue // the elements of a set cannot be told apart
		}
		var all []cty.Value
		for _, e := range v.AsValueSlice() {
			all = append(all, n.Proposed(e))
		}
		m[name] = cty.ListVal(all)
	}
	return cty.ObjectVal(m)
}
