package kube

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"sync"
	"time"
	"unicode/utf8"

	"k8s.io/apimachinery/pkg/util/validation/field"
)

// checker holds a document against a schema. The API server's own checker is in
// k8s.io/apiextensions-apiserver, which needs 140 packages and 60 modules more
// than the sandbox has; the contract check with a real API server shows that
// both say the same.
type checker struct {
	// builtIn: the document has been decoded into its Go type, which leaves
	// enumerations, required fields and lists without duplicates.
	builtIn bool
	// partial: values may be missing, because they are not known yet.
	partial bool
	// old is the object before an update.
	old      map[string]any
	problems []Problem
}

func (c *checker) refuse(e *field.Error) {
	c.problems = append(c.problems, problems(field.ErrorList{e})...)
}

// object checks a whole object. The metadata is not the schema's.
func (c *checker) object(s *Schema, doc map[string]any) {
	s = c.resolved(s)
	rest, known := maps.Clone(doc), *s
	delete(rest, "metadata")
	if !c.builtIn {
		known.Properties = maps.Clone(s.Properties)
		for _, name := range []string{"apiVersion", "kind", "metadata"} {
			delete(rest, name)
			delete(known.Properties, name)
		}
		if !c.partial {
			rest, _ = withDefaults(s, rest).(map[string]any)
		}
	}
	known.Validations = nil
	c.value(nil, &known, rest)
	if !c.builtIn && !c.partial && len(c.problems) == 0 {
		whole := maps.Clone(rest)
		whole["metadata"] = doc["metadata"]
		var before any
		if c.old != nil {
			before = c.old
		}
		c.rules(nil, s, whole, before)
	}
}

func (c *checker) resolved(s *Schema) *Schema {
	all, err := load()
	for s != nil && s.Ref != "" && err == nil {
		s = all.Definitions[s.Ref]
	}
	return s
}

func (c *checker) value(at *field.Path, s *Schema, v any) {
	s = c.resolved(s)
	if s == nil || v == nil {
		return
	}
	if !c.builtIn && !c.ofType(at, s, v) {
		return
	}
	if len(s.Enum) > 0 && !among(s, v) {
		c.refuse(field.NotSupported(at, v, texts(s.Enum)))
	}
	switch v := v.(type) {
	case map[string]any:
		c.fields(at, s, v)
	case []any:
		c.items(at, s, v)
	}
	if c.builtIn {
		return
	}
	if _, text := v.(string); text || !c.partial || typeName(v) == "integer" {
		for _, e := range limits(at, s, v) {
			c.refuse(e)
		}
	}
	c.combinations(at, s, v)
}

func among(s *Schema, v any) bool {
	return slices.ContainsFunc(s.Enum, func(allowed any) bool { return fmt.Sprint(allowed) == fmt.Sprint(v) })
}

func texts(values []any) []string {
	var out []string
	for _, v := range values {
		out = append(out, fmt.Sprint(v))
	}
	return out
}

func (c *checker) fields(at *field.Path, s *Schema, m map[string]any) {
	for _, name := range slices.Sorted(maps.Keys(m)) {
		switch p := s.Properties[name]; {
		case p != nil:
			c.value(at.Child(name), p, m[name])
		case s.AdditionalProperties != nil:
			c.value(at.Key(name), s.AdditionalProperties, m[name])
		case !c.builtIn && !s.PreserveUnknown:
			c.problems = append(c.problems, Problem{"", fmt.Sprintf("strict decoding error: unknown field %q", at.Child(name))})
		}
	}
	if c.partial {
		return
	}
	for _, name := range s.Required {
		if _, given := m[name]; !given || m[name] == nil && !c.builtIn {
			c.refuse(field.Required(at.Child(name), ""))
		}
	}
}

func (c *checker) items(at *field.Path, s *Schema, list []any) {
	for i, e := range list {
		c.value(at.Index(i), s.Items, e)
	}
	if s.ListType != "map" && s.ListType != "set" || c.partial {
		return
	}
	of := c.resolved(s.Items)
	seen := map[string]bool{}
	for i, e := range list {
		id := e
		if m, ok := e.(map[string]any); ok && s.ListType == "map" {
			keys := map[string]any{}
			for _, key := range s.ListMapKeys {
				keys[key] = m[key]
				if p := of.Properties[key]; m[key] == nil && p != nil {
					keys[key] = p.Default
				}
			}
			id = keys
		}
		text, _ := json.Marshal(id) // of JSON, so it cannot fail
		if seen[string(text)] {
			c.refuse(field.Duplicate(at.Index(i), id))
		}
		seen[string(text)] = true
	}
}

// ofType says whether a value is of the schema's type.
func (c *checker) ofType(at *field.Path, s *Schema, v any) bool {
	if s.IntOrString {
		if _, isText := v.(string); isText || whole(v) {
			return true
		}
		c.refuse(field.TypeInvalid(at, v, fmt.Sprintf("%s in body must be of type integer or string: %q", at, typeName(v))))
		return false
	}
	have := typeName(v)
	if s.Type == "" || s.Type == have || s.Type == "number" && have == "integer" {
		return true
	}
	c.refuse(field.TypeInvalid(at, v, fmt.Sprintf("%s in body must be of type %s: %q", at, s.Type, have)))
	return false
}

func whole(v any) bool {
	switch v := v.(type) {
	case float64:
		return v == math.Trunc(v)
	case int, int64:
		return true
	}
	return false
}

func typeName(v any) string {
	switch v.(type) {
	case map[string]any:
		return "object"
	case []any:
		return "array"
	case string:
		return "string"
	case bool:
		return "boolean"
	}
	if whole(v) {
		return "integer"
	}
	return "number"
}

// limits holds a value against the bounds and forms of its schema.
func limits(at *field.Path, s *Schema, v any) (list field.ErrorList) {
	say := func(format string, args ...any) {
		list = append(list, field.Invalid(at, v, fmt.Sprintf("%s in body ", at)+fmt.Sprintf(format, args...)))
	}
	if n, ok := number(v); ok {
		if s.Minimum != nil && n < *s.Minimum {
			say("should be greater than or equal to %v", *s.Minimum)
		}
		if s.Maximum != nil && n > *s.Maximum {
			say("should be less than or equal to %v", *s.Maximum)
		}
		if s.Format == "int32" && (n < math.MinInt32 || n > math.MaxInt32) {
			say("should be of format int32")
		}
	}
	switch v := v.(type) {
	case string:
		n := utf8.RuneCountInString(v)
		if s.MinLength != nil && n < *s.MinLength {
			say("should be at least %d chars long", *s.MinLength)
		}
		if s.MaxLength != nil && n > *s.MaxLength {
			list = append(list, field.TooLong(at, v, *s.MaxLength))
		}
		if s.Pattern != "" && !pattern(s.Pattern).MatchString(v) {
			say("should match '%s'", s.Pattern)
		}
		if !formed(s.Format, v) {
			say("must be of type %s: %q", s.Format, v)
		}
	case []any:
		if s.MinItems != nil && len(v) < *s.MinItems {
			say("should have at least %d items", *s.MinItems)
		}
		if s.MaxItems != nil && len(v) > *s.MaxItems {
			list = append(list, field.TooMany(at, len(v), *s.MaxItems))
		}
	case map[string]any:
		if s.MinProperties != nil && len(v) < *s.MinProperties {
			say("should have at least %d properties", *s.MinProperties)
		}
		if s.MaxProperties != nil && len(v) > *s.MaxProperties {
			list = append(list, field.TooMany(at, len(v), *s.MaxProperties))
		}
	}
	return list
}

func number(v any) (float64, bool) {
	switch v := v.(type) {
	case float64:
		return v, true
	case int:
		return float64(v), true
	case int64:
		return float64(v), true
	}
	return 0, false
}

// formed knows the formats that the schemas have.
func formed(format, v string) bool {
	switch format {
	case "date-time":
		_, err := time.Parse(time.RFC3339Nano, v)
		return err == nil
	case "byte":
		_, err := base64.StdEncoding.DecodeString(v)
		return err == nil
	}
	return true
}

var patterns sync.Map // the schemas' own: a few hundred at most

func pattern(text string) *regexp.Regexp {
	if p, ok := patterns.Load(text); ok {
		return p.(*regexp.Regexp)
	}
	p := regexp.MustCompile(text) // a test compiles them all
	patterns.Store(text, p)
	return p
}

// combinations are anyOf and its like.
func (c *checker) combinations(at *field.Path, s *Schema, v any) {
	holds := func(one *Schema) bool {
		sub := checker{partial: c.partial}
		// What is only in a combination prunes nothing.
		open := *one
		open.PreserveUnknown = true
		sub.value(at, &open, v)
		return len(sub.problems) == 0
	}
	count := func(list []*Schema) (n int) {
		for _, one := range list {
			if holds(one) {
				n++
			}
		}
		return n
	}
	if c.partial {
		return
	}
	if n := count(s.AnyOf); len(s.AnyOf) > 0 && n == 0 {
		c.refuse(field.Invalid(at, "", fmt.Sprintf("%q must validate at least one schema (anyOf)", at)))
	}
	if n := count(s.OneOf); len(s.OneOf) > 0 && n != 1 {
		found := "none valid"
		if n > 1 {
			found = fmt.Sprintf("%d valid alternatives", n)
		}
		c.refuse(field.Invalid(at, "", fmt.Sprintf("%q must validate one and only one schema (oneOf). Found %s", at, found)))
	}
	if n := count(s.AllOf); n < len(s.AllOf) {
		c.refuse(field.Invalid(at, "", fmt.Sprintf("%q must validate all the schemas (allOf)", at)))
	}
	if s.Not != nil && holds(s.Not) {
		c.refuse(field.Invalid(at, "", fmt.Sprintf("%q must not validate the schema (not)", at)))
	}
}

// withDefaults is the value with the schema's defaults in the place of what is missing.
func withDefaults(s *Schema, v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for name, p := range v {
			switch {
			case s.Properties[name] != nil:
				out[name] = withDefaults(s.Properties[name], p)
			case s.AdditionalProperties != nil:
				out[name] = withDefaults(s.AdditionalProperties, p)
			default:
				out[name] = p
			}
		}
		for name, p := range s.Properties {
			if out[name] == nil && p.Default != nil {
				out[name] = withDefaults(p, p.Default)
			}
		}
		return out
	case []any:
		if s.Items == nil {
			return v
		}
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = withDefaults(s.Items, e)
		}
		return out
	}
	return v
}
