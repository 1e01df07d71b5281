package pack

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/tandem-platform/tandem/policy/rule"
	"github.com/tandem-platform/tandem/sandbox/cloud/facts"
	"github.com/tandem-platform/tandem/sandbox/cloud/facts/sdk"
)

// A rule that checks a property which does not exist never finds anything. So
// every type and every property of the examples must be one of the generated
// SDKs, and of the right kind.
func TestTypesAndPropertiesAreThoseOfTheSDKs(t *testing.T) {
	s := schema{facts: &facts.Facts{Versions: map[string]string{}, Types: map[string]facts.Object{}}, sdks: map[string]*sdk.SDK{}, resources: map[string]*facts.Resource{}}
	for _, p := range All {
		for _, r := range p.Rules {
			t.Run(r.ID, func(t *testing.T) {
				for _, typ := range r.Types {
					if typ != rule.AnyType && !slices.Contains(others, typ) {
						s.resource(t, typ)
					}
				}
				for _, e := range append(r.Good[:len(r.Good):len(r.Good)], r.Bad...) {
					for _, res := range e {
						if known := s.resource(t, res.Type); known != nil {
							s.object(t, res.Type, known.Inputs, res.Properties)
						}
					}
				}
				for _, fix := range r.Fix {
					if !s.has(t, r.Types[0], strings.Split(fix.Property, ".")) {
						t.Errorf("the fix of %s is of no property", fix.Property)
					}
				}
			})
		}
	}
}

// others are types that rules look at and that only other versions of a provider
// have, since rules are for any program: version 7 of the AWS provider dropped
// the suffix V2.
var others = []string{
	"aws:s3/bucketAcl:BucketAcl",
	"aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
}

// schema is what the SDKs say of the types that have been asked for.
type schema struct {
	facts     *facts.Facts
	sdks      map[string]*sdk.SDK
	resources map[string]*facts.Resource
}

func (s schema) resource(t *testing.T, typ string) *facts.Resource {
	t.Helper()
	if known, ok := s.resources[typ]; ok {
		return known
	}
	s.resources[typ] = nil
	pkg, _, _ := strings.Cut(typ, ":")
	if s.sdks[pkg] == nil {
		opened, err := sdk.Open(pkg, s.facts)
		if err != nil {
			t.Errorf("%s: %v", typ, err)
			return nil
		}
		s.sdks[pkg] = opened
	}
	known, err := s.sdks[pkg].Resource(typ)
	if err != nil {
		t.Errorf("%s: %v", typ, err)
		return nil
	}
	s.resources[typ] = known
	return known
}

func (s schema) object(t *testing.T, path string, known facts.Object, given map[string]any) {
	t.Helper()
	for name, v := range given {
		property, ok := known[name]
		if !ok {
			t.Errorf("%s has no property %s", path, name)
			continue
		}
		s.value(t, path+"."+name, property.Type, v)
	}
}

// value checks a value of an example against a type of the facts.
func (s schema) value(t *testing.T, path, typ string, v any) {
	t.Helper()
	wrong := func() { t.Errorf("%s is %T, want %s", path, v, typ) }
	if _, is := v.(rule.Ref); is || typ == "any" {
		return
	}
	switch {
	case strings.HasPrefix(typ, "[]"):
		list, ok := v.([]any)
		if !ok {
			wrong()
		}
		for i, e := range list {
			s.value(t, fmt.Sprintf("%s[%d]", path, i), typ[2:], e)
		}
	case strings.HasPrefix(typ, "{}"):
		m, ok := v.(map[string]any)
		if !ok {
			wrong()
		}
		for k, e := range m {
			s.value(t, path+"."+k, typ[2:], e)
		}
	case strings.HasPrefix(typ, "#"):
		m, ok := v.(map[string]any)
		if !ok {
			wrong()
		}
		s.object(t, path, s.facts.Types[typ[1:]], m)
	case typ == "string":
		if _, ok := v.(string); !ok {
			wrong()
		}
	case typ == "bool":
		if _, ok := v.(bool); !ok {
			wrong()
		}
	case typ == "int" || typ == "number":
		if _, ok := v.(float64); !ok {
			wrong()
		}
	default:
		t.Errorf("%s has the type %s, which is not understood", path, typ)
	}
}

// has reports whether a type has a property at a path of keys.
func (s schema) has(t *testing.T, typ string, path []string) bool {
	t.Helper()
	known := s.resource(t, typ)
	if known == nil {
		return false
	}
	obj := known.Inputs
	for i, key := range path {
		property, ok := obj[key]
		if !ok {
			return false
		}
		if strings.HasPrefix(property.Type, "{}") {
			return i == len(path)-2 // a map takes any key
		}
		if i < len(path)-1 {
			if obj = s.facts.Types[strings.TrimPrefix(property.Type, "#")]; obj == nil {
				return false
			}
		}
	}
	return true
}
