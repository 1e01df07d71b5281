package terraform

import (
	"strings"

	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"
)

// A Block is a schema: attributes, and blocks within, by name.
type Block struct {
	Attributes map[string]*Attribute
	Blocks     map[string]*Nested

	implied cty.Type // what ImpliedType has returned
}

// An Attribute is a value of a block. A computed one is set by the provider,
// if it is optional too then only where the configuration does not set it.
type Attribute struct {
	Type                                    cty.Type
	Required, Optional, Computed, Sensitive bool
}

// Nested is a block within a block. Max 0 means no limit.
type Nested struct {
	*Block
	Nesting  Nesting
	Min, Max uint64
}

// Nesting says how a block nests, with the numbers of the plugin protocol.
type Nesting uint64

// What a block's values make up in the block around it.
const (
	Single Nesting = iota + 1
	List
	Set
	Map
)

// Many says whether the block may occur more than once.
func (n *Nested) Many() bool { return n.Max != 1 && n.Nesting != Single }

func readBlock(msg []byte) (*Block, error) {
	b := &Block{Attributes: map[string]*Attribute{}, Blocks: map[string]*Nested{}}
	parts, err := fields(msg)
	if err != nil {
		return nil, err
	}
	for _, p := range parts {
		if p.num != 2 && p.num != 3 {
			continue
		}
		inner, err := fields(p.bytes)
		if err != nil {
			return nil, err
		}
		var name string
		if p.num == 2 {
			a := &Attribute{}
			for _, f := range inner {
				on := f.varint != 0
				switch f.num {
				case 1:
					name = string(f.bytes)
				case 2:
					if a.Type, err = ctyjson.UnmarshalType(f.bytes); err != nil {
						return nil, err
					}
				case 4:
					a.Required = on
				case 5:
					a.Optional = on
				case 6:
					a.Computed = on
				case 7:
					a.Sensitive = on
				}
			}
			b.Attributes[name] = a
			continue
		}
		n := &Nested{}
		for _, f := range inner {
			switch f.num {
			case 1:
				name = string(f.bytes)
			case 2:
				if n.Block, err = readBlock(f.bytes); err != nil {
					return nil, err
				}
			case 3:
				n.Nesting = Nesting(f.varint)
			case 4:
				n.Min = f.varint
			case 5:
				n.Max = f.varint
			}
		}
		b.Blocks[name] = n
	}
	return b, nil
}

// ImpliedType is the type of a value of the schema.
func (b *Block) ImpliedType() cty.Type {
	if b.implied != cty.NilType {
		return b.implied
	}
	m := map[string]cty.Type{}
	for name, a := range b.Attributes {
		m[name] = a.Type
	}
	for name, n := range b.Blocks {
		t := n.ImpliedType()
		switch n.Nesting {
		case List:
			t = cty.List(t)
		case Set:
			t = cty.Set(t)
		case Map:
			t = cty.Map(t)
		}
		m[name] = t
	}
	b.implied = cty.Object(m) // some types nest deep, and are asked for often
	return b.implied
}

// Size is the number of attributes, those of blocks within included.
func (b *Block) Size() int {
	n := len(b.Attributes)
	for _, inner := range b.Blocks {
		n += inner.Size()
	}
	return n
}

// Sample is a value with as little set as the schema allows; set overrides what
// it returns for an attribute's path.
func (b *Block) Sample(set func(path string) (cty.Value, bool), at string) cty.Value {
	m := map[string]cty.Value{}
	for name, a := range b.Attributes {
		path := strings.TrimPrefix(at+"."+name, ".")
		if v, ok := set(path); ok {
			m[name] = v
			continue
		}
		m[name] = cty.NullVal(a.Type)
		if a.Required {
			m[name] = Example(name, a.Type, 0)
		}
	}
	for name, n := range b.Blocks {
		path := strings.TrimPrefix(at+"."+name, ".")
		_, wanted := set(path + ".")
		if n.Min == 0 && !wanted {
			m[name] = n.None()
			continue
		}
		m[name] = n.Of(n.Sample(set, path))
	}
	return cty.ObjectVal(m)
}

// Of is the value of a block that occurs once, as v.
func (n *Nested) Of(v cty.Value) cty.Value {
	switch n.Nesting {
	case List:
		return cty.ListVal([]cty.Value{v})
	case Set:
		return cty.SetVal([]cty.Value{v})
	case Map:
		return cty.MapVal(map[string]cty.Value{"a": v})
	}
	return v
}

// None is the absence of a block.
func (n *Nested) None() cty.Value {
	t := n.ImpliedType()
	switch n.Nesting {
	case List:
		return cty.ListValEmpty(t)
	case Set:
		return cty.SetValEmpty(t)
	case Map:
		return cty.MapValEmpty(t)
	}
	return cty.NullVal(t)
}

// Example is the i-th of two values of a type that an attribute of that name
// may well have.
func Example(name string, t cty.Type, i int) cty.Value {
	switch {
	case t == cty.String:
		pick := func(a, b string) cty.Value { return cty.StringVal([]string{a, b}[i]) }
		switch {
		case strings.Contains(name, "policy") && !strings.HasSuffix(name, "_id") && !strings.HasSuffix(name, "_arn") && !strings.HasSuffix(name, "_name"),
			strings.HasSuffix(name, "json"), strings.HasSuffix(name, "_body"), strings.HasSuffix(name, "pattern"):
			return pick(`{"Version":"2012-10-17","Statement":[]}`, `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]}`)
		case strings.Contains(name, "ipv6"):
			return pick("2001:db8::/56", "2001:db8:1::/56")
		case strings.Contains(name, "cidr"):
			return pick("10.0.0.0/16", "10.1.0.0/16")
		case strings.HasSuffix(name, "arn") || strings.HasSuffix(name, "_arns"):
			return pick("arn:aws:iam::123456789012:role/a", "arn:aws:iam::123456789012:role/b")
		case strings.HasSuffix(name, "url"):
			return pick("https://a.example.com", "https://b.example.com")
		}
		return pick("a", "b")
	case t == cty.Number:
		return cty.NumberIntVal(int64(i + 1))
	case t == cty.Bool:
		return cty.BoolVal(i == 1)
	case t.IsListType():
		return cty.ListVal([]cty.Value{Example(name, t.ElementType(), i)})
	case t.IsSetType():
		return cty.SetVal([]cty.Value{Example(name, t.ElementType(), i)})
	case t.IsMapType():
		return cty.MapVal(map[string]cty.Value{"a": Example(name, t.ElementType(), i)})
	case t.IsObjectType():
		m := map[string]cty.Value{}
		for k, kt := range t.AttributeTypes() {
			m[k] = Example(k, kt, i)
		}
		return cty.ObjectVal(m)
	}
	return cty.NullVal(t)
}
