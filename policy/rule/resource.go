package rule

import (
	"encoding/json"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/property"
)

// Resource is a resource as a check sees it.
type Resource struct {
	// Type is its token, such as "aws:s3/bucketV2:BucketV2".
	Type string
	// Name is its name in the program.
	Name string
	// URN is its name in the stack.
	URN string
	// Settings are the configuration of the rule that looks at it.
	Settings Settings

	properties Value
	provider   Value
	dependsOn  map[string][]string // URNs by property
}

// with is the resource as a rule with these settings sees it.
func (r Resource) with(settings Settings) Resource {
	r.Settings = settings
	return r
}

// At reads the property that a path of keys leads to. To a Check, properties are
// the resource's inputs; to a CheckInStack, its outputs, where in a preview
// what the cloud will decide may be missing rather than unknown.
func (r Resource) At(keys ...string) Value { return r.properties.At(keys...) }

// Each reads the properties that a path leads to. See [Value.Each].
func (r Resource) Each(path string) []Value { return r.properties.Each(path) }

// ProviderAt reads the configuration of the resource's provider. Structured
// values reach a provider as JSON from some SDKs, as themselves from others; both
// read the same.
func (r Resource) ProviderAt(key string, keys ...string) Value {
	v := r.provider.At(key)
	if text, ok := v.Text(); ok && len(keys) > 0 {
		var decoded any
		if json.Unmarshal([]byte(text), &decoded) == nil {
			v.secret = v.secret || v.value.Secret()
			v.value = fromPlain(decoded)
		}
	}
	return v.At(keys...)
}

// fromPlain is a property value of what JSON decodes to.
func fromPlain(v any) property.Value {
	switch v := v.(type) {
	case bool:
		return property.New(v)
	case float64:
		return property.New(v)
	case string:
		return property.New(v)
	case []any:
		list := make([]property.Value, len(v))
		for i, e := range v {
			list[i] = fromPlain(e)
		}
		return property.New(list)
	case map[string]any:
		m := make(map[string]property.Value, len(v))
		for k, e := range v {
			m[k] = fromPlain(e)
		}
		return property.New(m)
	default:
		return property.New(property.Null)
	}
}

// Stack is all resources of a stack.
type Stack struct {
	resources []Resource
	byURN     map[string]Resource
}

func newStack(all []Resource) *Stack {
	s := &Stack{resources: all, byURN: make(map[string]Resource, len(all))}
	for _, r := range all {
		s.byURN[r.URN] = r
	}
	return s
}

// OfType returns the resources of any of the types.
func (s *Stack) OfType(types ...string) []Resource {
	var found []Resource
	for _, r := range s.resources {
		if slices.Contains(types, r.Type) {
			found = append(found, r)
		}
	}
	return found
}

// Sources returns the resources whose outputs a property is made from.
func (s *Stack) Sources(of Resource, prop string) []Resource {
	var found []Resource
	for _, urn := range of.dependsOn[prop] {
		if r, ok := s.byURN[urn]; ok {
			found = append(found, r)
		}
	}
	return found
}

// Used reports whether a property of another resource is made from the outputs
// of a resource.
func (s *Stack) Used(r Resource) bool {
	return slices.ContainsFunc(s.resources, func(other Resource) bool {
		for _, urns := range other.dependsOn {
			if other.URN != r.URN && slices.Contains(urns, r.URN) {
				return true
			}
		}
		return false
	})
}

// MayName reports whether a resource of any of the types names another one in a
// property, or may: whether the other one has such a companion.
func (s *Stack) MayName(of Resource, prop string, identifying []string, types ...string) bool {
	return slices.ContainsFunc(s.OfType(types...), func(r Resource) bool { return s.Refers(r, prop, of, identifying...) != No })
}

// Answer is yes, no, or, while values are unknown, maybe.
type Answer int

const (
	// No is for what is certainly not so.
	No Answer = iota
	// Maybe is for what is not known yet.
	Maybe
	// Yes is for what is certainly so.
	Yes
)

// Refers tells whether a property of one resource names another: whether it
// equals one of the other's identifying properties, or is made from its outputs.
// In a preview, where names are unknown, the latter is all there is to go by.
func (s *Stack) Refers(from Resource, prop string, to Resource, identifying ...string) Answer {
	if s.derives(from, prop, to, map[string]bool{}) {
		return Yes
	}
	v := from.At(prop)
	name, known := v.Text()
	for _, key := range identifying {
		id := to.At(key)
		if text, ok := id.Text(); ok {
			if known && text == name {
				return Yes
			}
		} else {
			known = false // it may yet turn out to be the same
		}
	}
	switch {
	case known:
		return No
	case s.derivesFromOther(from, prop, to):
		return No
	default:
		return Maybe
	}
}

// derives tells whether a property is made from the outputs of a resource, at
// once or through the same property of others.
func (s *Stack) derives(from Resource, prop string, to Resource, seen map[string]bool) bool {
	if seen[from.URN] {
		return false
	}
	seen[from.URN] = true
	for _, urn := range from.dependsOn[prop] {
		if urn == to.URN {
			return true
		}
		if via, ok := s.byURN[urn]; ok && s.derives(via, prop, to, seen) {
			return true
		}
	}
	return false
}

// derivesFromOther tells whether a property is made from another resource of
// the type of to.
func (s *Stack) derivesFromOther(from Resource, prop string, to Resource) bool {
	return slices.ContainsFunc(s.OfType(to.Type), func(other Resource) bool {
		return other.URN != to.URN && s.derives(from, prop, other, map[string]bool{})
	})
}
