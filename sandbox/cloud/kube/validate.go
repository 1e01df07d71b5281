package kube

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"

	"k8s.io/apimachinery/pkg/api/equality"
	"k8s.io/apimachinery/pkg/api/validate/content"
	"k8s.io/apimachinery/pkg/api/validation"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"
	kjson "sigs.k8s.io/json"
)

// A Problem is a reason to refuse an object, in the API server's words.
type Problem struct {
	// Path is that of the field, "spec.replicas", empty for the whole object.
	Path   string
	Reason string
}

func (p Problem) String() string {
	if p.Path == "" {
		return p.Reason
	}
	return p.Path + ": " + p.Reason
}

func problems(list field.ErrorList) []Problem {
	var out []Problem
	for _, e := range list {
		path := e.Field
		if path == "<nil>" {
			path = ""
		}
		out = append(out, Problem{path, e.ErrorBody()})
	}
	return out
}

// Decode says what of a document is not of the kind's shape: fields that the kind
// does not have, and values of a wrong type. The document may lack values that
// are not known yet.
func (k *Kind) Decode(doc map[string]any) []Problem {
	var bad []Problem
	if v, ok := doc["apiVersion"].(string); ok && v != k.APIVersion {
		bad = append(bad, Problem{"apiVersion", fmt.Sprintf("is %q, expected %q", v, k.APIVersion)})
	}
	if v, ok := doc["kind"].(string); ok && v != k.Name {
		bad = append(bad, Problem{"kind", fmt.Sprintf("is %q, expected %q", v, k.Name)})
	}
	typed, err := k.typed()
	if err != nil {
		return append(bad, Problem{"", err.Error()})
	}
	if k.Custom {
		typed, doc = &metav1.PartialObjectMetadata{}, pick(doc, "apiVersion", "kind", "metadata")
	}
	raw, err := json.Marshal(doc)
	if err != nil {
		return append(bad, Problem{"", err.Error()})
	}
	strict, err := kjson.UnmarshalStrict(raw, typed)
	if err != nil {
		bad = append(bad, Problem{"", fmt.Sprintf("%s in version %q cannot be handled as a %s: %v", k.Name, k.Version(), k.Name, err)})
	}
	if len(strict) > 0 {
		bad = append(bad, Problem{"", "strict decoding error: " + strings.TrimPrefix(errors.Join(strict...).Error(), "json: ")})
	}
	return bad
}

func pick(doc map[string]any, names ...string) map[string]any {
	out := map[string]any{}
	for _, n := range names {
		if v, ok := doc[n]; ok {
			out[n] = v
		}
	}
	return out
}

// Check is Decode and, for a custom kind, what its schema says of the fields that
// are there.
func (k *Kind) Check(doc map[string]any) []Problem {
	bad := k.Decode(doc)
	if k.Custom {
		c := checker{partial: true}
		c.object(k.Schema, doc)
		bad = append(bad, c.problems...)
	}
	return bad
}

// Validate says why the API server would refuse to create the object.
func (k *Kind) Validate(doc map[string]any) []Problem {
	if bad := k.Decode(doc); len(bad) > 0 {
		return bad
	}
	typed, err := k.typed()
	if err == nil {
		err = into(doc, typed)
	}
	if err != nil {
		return []Problem{{"", err.Error()}}
	}
	var meta metav1.ObjectMeta
	if err := into(map[string]any{"metadata": doc["metadata"]}, &struct {
		Metadata *metav1.ObjectMeta `json:"metadata"`
	}{&meta}); err != nil {
		return []Problem{{"metadata", err.Error()}}
	}
	if k.Namespaced && meta.Namespace == "" {
		meta.Namespace = metav1.NamespaceDefault
	}
	list := validation.ValidateObjectMeta(&meta, k.Namespaced, k.nameForm(), field.NewPath("metadata"))
	if rules := rulesOf[Key(k.APIVersion, k.Name)]; rules != nil {
		list = append(list, rules(typed, doc)...)
	}
	bad := problems(list)
	c := checker{builtIn: !k.Custom}
	seen := doc
	if !k.Custom {
		// What the server sees: an empty text is no value, unless the type has a
		// pointer there, and a number that is not given is zero.
		seen = map[string]any{}
		if err := intoMap(typed, &seen); err != nil {
			return []Problem{{"", err.Error()}}
		}
	}
	c.object(k.Schema, seen)
	for _, p := range c.problems {
		// The same may have been found by a rule, in the rule's words.
		if !told(bad, p.Path) {
			bad = append(bad, p)
		}
	}
	return bad
}

func told(all []Problem, path string) bool {
	for _, p := range all {
		if p.Path == path {
			return true
		}
	}
	return false
}

// ValidateUpdate says why the API server would refuse to change old into doc.
func (k *Kind) ValidateUpdate(doc, old map[string]any) []Problem {
	var bad []Problem
	doc, bad = k.emptied(doc, old)
	bad = append(bad, k.Validate(doc)...)
	for _, f := range immutable[Key(k.APIVersion, k.Name)] {
		before, after := value(old, f.path), value(doc, f.path)
		if before == nil {
			before = f.missing
		}
		if after == nil {
			after = f.missing
		}
		if f.unless != nil && f.unless(old) {
			continue
		}
		if !equality.Semantic.DeepEqual(before, after) {
			bad = append(bad, Problem{f.path, f.reason(after)})
		}
	}
	if k.Custom {
		c := checker{old: old}
		c.object(k.Schema, doc)
		for _, p := range c.problems {
			if !told(bad, p.Path) {
				bad = append(bad, p)
			}
		}
	}
	return bad
}

// emptied is a document as a server-side apply leaves it: an object that loses its
// last field becomes null. A built-in kind takes that for no object, and the
// schema of a custom one refuses it.
func (k *Kind) emptied(doc, old map[string]any) (map[string]any, []Problem) {
	var bad []Problem
	var c checker
	var walk func(at *field.Path, s *Schema, v, old any) any
	walk = func(at *field.Path, s *Schema, v, old any) any {
		if s = c.resolved(s); s == nil || s.MapType == "atomic" {
			return v
		}
		switch v := v.(type) {
		case map[string]any:
			before, _ := old.(map[string]any)
			if at != nil && len(v) == 0 && len(before) > 0 {
				if k.Custom {
					bad = append(bad, problems(field.ErrorList{
						field.TypeInvalid(at, nil, fmt.Sprintf("%s in body must be of type object: %q", at, "null")),
					})...)
				}
				return nil
			}
			out := map[string]any{}
			for name, p := range v {
				of := s.Properties[name]
				if of == nil {
					of = s.AdditionalProperties
				}
				if out[name] = walk(at.Child(name), of, p, before[name]); out[name] == nil {
					delete(out, name)
				}
			}
			return out
		case []any:
			before, _ := old.([]any)
			if s.ListType != "map" || len(before) != len(v) {
				return v
			}
			out := make([]any, len(v))
			for i, e := range v {
				out[i] = walk(at.Index(i), s.Items, e, before[i])
			}
			return out
		}
		return v
	}
	out := walk(nil, k.Schema, doc, old).(map[string]any)
	if m, ok := doc["metadata"]; ok {
		out["metadata"] = m
	}
	return out, bad
}

// value is what is at a path of names, nil if nothing.
func value(doc map[string]any, path string) any {
	var v any = doc
	for name := range strings.SplitSeq(path, ".") {
		m, _ := v.(map[string]any)
		v = m[name]
	}
	return v
}

// typed is an empty object of a built-in kind's Go type.
func (k *Kind) typed() (any, error) {
	if k.Custom {
		return nil, nil
	}
	of := goTypes[Key(k.APIVersion, k.Name)]
	if of == nil {
		return nil, fmt.Errorf("there is no Go type of %s %s: add it to the table", k.APIVersion, k.Name)
	}
	return reflect.New(reflect.TypeOf(of)).Interface(), nil
}

// nameForm is the form of the kind's names.
func (k *Kind) nameForm() validation.ValidateNameFunc {
	switch {
	case k.Group() == "rbac.authorization.k8s.io":
		return func(name string, _ bool) []string { return content.IsPathSegmentName(name) }
	case k.Group() == "policy": // the server looks at no more
		return func(name string, _ bool) []string { return content.IsPathSegmentName(name) }
	case k.APIVersion == "v1" && k.Name == "Namespace":
		return validation.ValidateNamespaceName
	case k.APIVersion == "v1" && k.Name == "Service":
		return validation.NameIsDNS1035Label
	default:
		return validation.NameIsDNSSubdomain
	}
}

// into decodes a document into a typed value.
func into(doc map[string]any, v any) error {
	if v == nil {
		return nil
	}
	raw, err := json.Marshal(doc)
	if err != nil {
		return err
	}
	return kjson.UnmarshalCaseSensitivePreserveInts(raw, v)
}
