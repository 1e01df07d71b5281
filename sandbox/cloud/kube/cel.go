package kube

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"
	"github.com/google/cel-go/ext"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// environment is the language of the rules: CEL, its extension for strings, and
// those of Kubernetes' own functions that the modelled kinds use. Values have the
// type dyn, which a schema would narrow.
var environment = sync.OnceValues(func() (*cel.Env, error) {
	return cel.NewEnv(
		cel.Variable("self", cel.DynType), cel.Variable("oldSelf", cel.DynType),
		ext.Strings(),
		cel.Function("find", cel.MemberOverload("string_find_string", []*cel.Type{cel.StringType, cel.StringType}, cel.StringType,
			cel.BinaryBinding(func(text, pattern ref.Val) ref.Val {
				p, err := regexp.Compile(string(pattern.(types.String)))
				if err != nil {
					return types.WrapErr(err)
				}
				return types.String(p.FindString(string(text.(types.String))))
			}))),
	)
})

var programs sync.Map // by rule: a few dozen

// program compiles a rule.
func program(rule string) (cel.Program, error) {
	if p, ok := programs.Load(rule); ok {
		return p.(cel.Program), nil
	}
	env, err := environment()
	if err != nil {
		return nil, err
	}
	ast, issues := env.Compile(rule)
	if issues.Err() != nil {
		return nil, fmt.Errorf("rule %q: %w", rule, issues.Err())
	}
	p, err := env.Program(ast)
	if err == nil {
		programs.Store(rule, p)
	}
	return p, err
}

// rules evaluates the rules of a schema on a value and on what is in it. A rule
// that speaks of the old value is for updates.
func (c *checker) rules(at *field.Path, s *Schema, v, old any) {
	if s == nil || v == nil {
		return
	}
	for _, r := range s.Validations {
		transition := strings.Contains(r.Rule, "oldSelf")
		if transition && old == nil {
			continue
		}
		here := at
		for name := range strings.SplitSeq(strings.TrimPrefix(r.FieldPath, "."), ".") {
			if name != "" {
				here = here.Child(name)
			}
		}
		if reason := broken(r, native(s, v), native(s, old)); reason != "" {
			c.refuse(field.Invalid(here, typeName(v), reason))
		}
	}
	switch v := v.(type) {
	case map[string]any:
		before, _ := old.(map[string]any)
		for _, name := range slices.Sorted(maps.Keys(v)) {
			if p := s.Properties[name]; p != nil {
				c.rules(at.Child(name), p, v[name], before[name])
			} else {
				c.rules(at.Key(name), s.AdditionalProperties, v[name], before[name])
			}
		}
	case []any:
		before, _ := old.([]any)
		for i, e := range v {
			c.rules(at.Index(i), s.Items, e, sameElement(s, e, before))
		}
	}
}

// broken says why a value breaks a rule, empty if it does not.
func broken(r Validation, v, old any) string {
	p, err := program(r.Rule)
	if err != nil {
		return err.Error() // a test compiles them all
	}
	holds, _, err := p.Eval(map[string]any{"self": v, "oldSelf": old})
	switch {
	case err != nil:
		return fmt.Sprintf("%v evaluating rule: %s", err, r.Message)
	case holds == types.True:
		return ""
	case r.Message != "":
		return r.Message
	}
	return "failed rule: " + strings.TrimSpace(r.Rule)
}

// sameElement is the element of the old list with the keys of an element, nil
// where the list has no keys: then nobody can tell which is which.
func sameElement(s *Schema, e any, old []any) any {
	m, ok := e.(map[string]any)
	if !ok || s.ListType != "map" {
		return nil
	}
	for _, o := range old {
		before, ok := o.(map[string]any)
		if ok && !slices.ContainsFunc(s.ListMapKeys, func(key string) bool { return before[key] != m[key] }) {
			return before
		}
	}
	return nil
}

// native is a value with integers where the schema has them; JSON knows none.
func native(s *Schema, v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for name, p := range v {
			switch {
			case s != nil && s.Properties[name] != nil:
				out[name] = native(s.Properties[name], p)
			case s != nil:
				out[name] = native(s.AdditionalProperties, p)
			default:
				out[name] = native(nil, p)
			}
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			if s != nil {
				out[i] = native(s.Items, e)
			} else {
				out[i] = native(nil, e)
			}
		}
		return out
	case float64:
		if whole(v) && (s == nil || s.Type != "number") {
			return int64(v)
		}
	}
	return v
}
