package contract

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"github.com/tandem-platform/tandem/sandbox/cloud/facts"
	"github.com/tandem-platform/tandem/sandbox/terraform"
)

// placeholderName is the name of a resource whose id no plan knows.
const placeholderName = "placeholder"

// translator turns the inputs of one resource into Terraform's JSON. A value of
// a shape that the schema does not have is passed on: refusing it is for the
// provider.
type translator struct {
	tok   string // Pulumi's type
	into  string // Terraform's type
	facts *facts.Facts

	placeholders []Placeholder
	problems     []string
}

// block translates the properties in of an object of Pulumi, whose types are
// obj, to those of a block.
func (t *translator) block(path string, b *terraform.Block, obj facts.Object, in map[string]any) map[string]any {
	names := b.Names(t.tok, obj)
	out := map[string]any{}
	for _, key := range slices.Sorted(maps.Keys(in)) {
		at := join(path, key)
		name, ok := t.name(names, at, key, in[key])
		if !ok {
			continue
		}
		if a := b.Attributes[name]; a != nil {
			out[name] = t.value(at, a.Type, obj[key].Type, in[key])
		} else {
			out[name] = t.nested(at, b.Blocks[name], obj[key].Type, in[key])
		}
	}
	return out
}

// name is the counterpart of a property. There is none for what the engine adds
// and for what is not set.
func (t *translator) name(names map[string]string, at, key string, v any) (string, bool) {
	if strings.HasPrefix(key, "__") || v == nil {
		return "", false
	}
	name, ok := names[key]
	if !ok {
		t.problems = append(t.problems, fmt.Sprintf("the property %s has no counterpart in %s", at, t.into))
	}
	return name, ok
}

// nested translates what is a block within a block. Pulumi has a list only where
// there may be many.
func (t *translator) nested(at string, n *terraform.Nested, typ string, v any) any {
	if why := withheld(v); why != "" {
		t.withhold(at, "block", why)
		return []any{blockPlaceholder(n.Block)}
	}
	elem, _ := elemOf(typ)
	one := func(at string, v any) any {
		if why := withheld(v); why != "" {
			t.withhold(at, "block", why)
			return blockPlaceholder(n.Block)
		}
		obj, ok := v.(map[string]any)
		if !ok {
			return literal(v)
		}
		return t.block(at, n.Block, t.facts.Nested(elem), obj)
	}
	switch v := v.(type) {
	case []any:
		list := []any{}
		for i, e := range v {
			if e != nil {
				list = append(list, one(fmt.Sprintf("%s[%d]", at, i), e))
			}
		}
		return list
	case map[string]any:
		if n.Nesting == terraform.Map {
			m := map[string]any{}
			for key, e := range v {
				m[key] = one(join(at, key), e)
			}
			return m
		}
	}
	return one(at, v)
}

// value translates what is an attribute.
func (t *translator) value(at string, want cty.Type, typ string, v any) any {
	if why := withheld(v); why != "" {
		t.withhold(at, want.FriendlyName(), why)
		return placeholder(want)
	}
	elem, isMany := elemOf(typ)
	switch {
	case want.IsListType() || want.IsSetType():
		list, ok := v.([]any)
		if !ok {
			if isMany {
				return literal(v)
			}
			// Pulumi has one value where Terraform has a list of at most one.
			return []any{t.value(at, want.ElementType(), typ, v)}
		}
		out := []any{}
		for i, e := range list {
			out = append(out, t.value(fmt.Sprintf("%s[%d]", at, i), want.ElementType(), elem, e))
		}
		return out
	case want.IsMapType():
		m, ok := v.(map[string]any)
		if !ok {
			return literal(v)
		}
		out := map[string]any{}
		for key, e := range m {
			out[escape(key)] = t.value(join(at, key), want.ElementType(), elem, e)
		}
		return out
	case want.IsObjectType():
		m, ok := v.(map[string]any)
		if !ok {
			return literal(v)
		}
		// Unlike a block, an object needs all that its type has.
		out := map[string]any{}
		for name := range want.AttributeTypes() {
			out[name] = nil
		}
		obj := t.facts.Nested(elem)
		names := terraform.ObjectNames(t.tok, want, obj)
		for _, key := range slices.Sorted(maps.Keys(m)) {
			if name, ok := t.name(names, join(at, key), key, m[key]); ok {
				out[name] = t.value(join(at, key), want.AttributeType(name), obj[key].Type, m[key])
			}
		}
		return out
	}
	return literal(v)
}

func (t *translator) withhold(at, typ, why string) {
	t.placeholders = append(t.placeholders, Placeholder{Property: at, Type: typ, Why: why})
}

// elemOf is the type of what a list or map holds, and any other type itself.
func elemOf(typ string) (elem string, many bool) {
	if elem, ok := facts.Elem(typ); ok {
		return elem, true
	}
	return typ, false
}

func join(path, key string) string { return strings.TrimPrefix(path+"."+key, ".") }

// literal is a value with its strings so that Terraform reads no template.
func literal(v any) any {
	switch v := v.(type) {
	case string:
		return escape(v)
	case []any:
		out := []any{}
		for _, e := range v {
			out = append(out, literal(e))
		}
		return out
	case map[string]any:
		out := map[string]any{}
		for key, e := range v {
			out[escape(key)] = literal(e)
		}
		return out
	}
	return v
}

func escape(s string) string {
	return strings.NewReplacer("${", "$${", "%{", "%%{").Replace(s)
}

// placeholder is a value of a type that no plan knows: the provider checks
// that the type fits, and nothing else.
func placeholder(t cty.Type) any {
	const unknown = "terraform_data." + placeholderName + ".id"
	switch {
	case t == cty.Number:
		return "${tonumber(" + unknown + ")}"
	case t == cty.Bool:
		return "${tobool(" + unknown + ")}"
	case t.IsListType() || t.IsSetType():
		return []any{placeholder(t.ElementType())}
	case t.IsMapType():
		return map[string]any{placeholderName: placeholder(t.ElementType())}
	case t.IsObjectType():
		out := map[string]any{}
		for name, at := range t.AttributeTypes() {
			out[name] = placeholder(at)
		}
		return out
	}
	return "${" + unknown + "}"
}

// blockPlaceholder is a block with placeholders for what it must have.
func blockPlaceholder(b *terraform.Block) map[string]any {
	out := map[string]any{}
	for name, a := range b.Attributes {
		if a.Required {
			out[name] = placeholder(a.Type)
		}
	}
	for name, n := range b.Blocks {
		if n.Min > 0 {
			out[name] = []any{blockPlaceholder(n.Block)}
		}
	}
	return out
}
