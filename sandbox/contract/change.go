package contract

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/tandem-platform/tandem/sandbox/cloud/facts"
)

// change is one change of inputs.
type change struct {
	text  string
	apply func(inputs map[string]any)
}

// changes are the changes that are tried of an object: every value is left out,
// and replaced by values that are hardly ever right; every input that is not
// given is given.
func changes(path string, obj facts.Object, in map[string]any, known *facts.Facts) []change {
	var all []change
	// at makes a change of the object at path.
	at := func(name, what string, do func(o map[string]any)) {
		all = append(all, change{text: join(path, name) + ": " + what, apply: func(inputs map[string]any) {
			if o, ok := lookUp(inputs, path).(map[string]any); ok {
				do(o)
			}
		}})
	}
	for _, name := range slices.Sorted(maps.Keys(in)) {
		v := in[name]
		at(name, "left out", func(o map[string]any) { delete(o, name) })
		if typ := obj[name].Type; typ == "asset" || typ == "archive" {
			continue // of a file, a cloud has no more than the hash
		}
		for _, wrong := range wrongs(v) {
			at(name, "set to "+shown(wrong), func(o map[string]any) { o[name] = wrong })
		}
		elem, _ := facts.Elem(obj[name].Type)
		if nested := known.Nested(obj[name].Type); nested != nil {
			if o, ok := v.(map[string]any); ok {
				all = append(all, changes(join(path, name), nested, o, known)...)
			}
		}
		list, ok := v.([]any)
		if !ok || len(list) == 0 {
			continue
		}
		at(name, "set to an empty list", func(o map[string]any) { o[name] = []any{} })
		if _, isText := list[0].(string); isText {
			at(name, "set to a list of 300", func(o map[string]any) { o[name] = slices.Repeat(list[:1], 300) })
		}
		first := fmt.Sprintf("%s[0]", name)
		for _, wrong := range wrongs(list[0]) {
			at(first, "set to "+shown(wrong), func(o map[string]any) { o[name] = append([]any{wrong}, list[1:]...) })
		}
		if nested := known.Nested(elem); nested != nil {
			if o, ok := list[0].(map[string]any); ok {
				all = append(all, changes(join(path, first), nested, o, known)...)
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(obj)) {
		if _, given := in[name]; given || name == "tagsAll" {
			continue
		}
		switch obj[name].Type {
		case "string":
			at(name, "set to a", func(o map[string]any) { o[name] = "a" })
		case "int", "number":
			at(name, "set to 1", func(o map[string]any) { o[name] = 1.0 })
		case "bool":
			at(name, "set to true", func(o map[string]any) { o[name] = true })
		case "[]string":
			at(name, "set to a list of a", func(o map[string]any) { o[name] = []any{"a"} })
		}
	}
	return all
}

// wrongs are values to try in the place of a value.
func wrongs(v any) []any {
	switch v := v.(type) {
	case float64:
		return []any{-1.0, 7.0, 987654321.0}
	case string:
		all := []any{"", "¿", strings.Repeat("a", 30_000)}
		switch {
		case strings.HasPrefix(v, "arn:"):
			all = append(all, "arn:aws")
		case strings.HasPrefix(v, "{"):
			all = append(all, "{", "[]")
		case strings.Contains(v, "/"):
			all = append(all, strings.Replace(v, "/", "/9", 1))
		case v == strings.ToUpper(v):
			all = append(all, strings.ToLower(v))
		default:
			all = append(all, strings.ToUpper(v))
		}
		return slices.DeleteFunc(all, func(w any) bool { return w == v })
	}
	return nil
}

// shown is a value as the report has it.
func shown(v any) string {
	if s, ok := v.(string); ok && len(s) > 60 {
		return fmt.Sprintf("a text of %d bytes", len(s))
	}
	return fmt.Sprintf("%#v", v)
}

// lookUp is the value at a path such as a.b[0].c.
func lookUp(v any, path string) any {
	for _, step := range strings.Split(path, ".") {
		name, isFirst := strings.CutSuffix(step, "[0]")
		if name != "" {
			o, _ := v.(map[string]any)
			v = o[name]
		}
		if list, ok := v.([]any); isFirst && ok {
			v = list[0]
		}
	}
	return v
}

// cloned is a deep copy of a JSON value.
func cloned(v any) any {
	switch v := v.(type) {
	case map[string]any:
		m := make(map[string]any, len(v))
		for k, e := range v {
			m[k] = cloned(e)
		}
		return m
	case []any:
		list := make([]any, len(v))
		for i, e := range v {
			list[i] = cloned(e)
		}
		return list
	}
	return v
}
