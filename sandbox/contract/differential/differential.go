// Package differential asks the simulation and a real API server about the same
// Kubernetes objects, each changed in one place, and tells where they disagree.
package differential

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/tandem-platform/tandem/sandbox/apiserver"
	"github.com/tandem-platform/tandem/sandbox/cloud/kube"
)

// Mutant is an object with one change.
type Mutant struct {
	// Change is the path and what was done there: "spec.replicas: -1".
	Change string
	Doc    map[string]any
}

// Difference is an object that one takes and the other refuses.
type Difference struct {
	Change string
	// Server and Simulation say why each refuses it, empty where it takes it.
	Server, Simulation string
}

func (d Difference) String() string {
	if d.Simulation == "" {
		return fmt.Sprintf("%s: the simulation takes it, the server refuses: %s", d.Change, d.Server)
	}
	return fmt.Sprintf("%s: the server takes it, the simulation refuses: %s", d.Change, d.Simulation)
}

// Count is how many objects were asked about.
type Count struct{ Mutants, Refused int }

// Creations asks about the creation of mutants of an object, under another name.
func Creations(ctx context.Context, s *apiserver.Server, k *kube.Kind, doc map[string]any, count *Count) ([]Difference, error) {
	return compare(ctx, s, k, Mutants(doc), count, "create", func(m map[string]any) []kube.Problem { return k.Validate(m) }, func(m map[string]any) {
		if meta, ok := m["metadata"].(map[string]any); ok {
			if name, ok := meta["name"].(string); ok && name == at(doc, "metadata")["name"] {
				meta["name"] = name + "-mutant"
			}
		}
	})
}

// Updates asks about changes of an object that the server has.
func Updates(ctx context.Context, s *apiserver.Server, k *kube.Kind, doc map[string]any, count *Count) ([]Difference, error) {
	var other []Mutant
	for _, m := range changes(doc) {
		// Another name is another object.
		if !strings.HasPrefix(m.Change, "metadata.name") {
			other = append(other, m)
		}
	}
	return compare(ctx, s, k, other, count, "update", func(m map[string]any) []kube.Problem { return k.ValidateUpdate(m, doc) }, func(map[string]any) {})
}

func compare(ctx context.Context, s *apiserver.Server, k *kube.Kind, mutants []Mutant, count *Count, verb string,
	simulate func(map[string]any) []kube.Problem, prepare func(map[string]any),
) ([]Difference, error) {
	var found []Difference
	for _, m := range mutants {
		prepare(m.Doc)
		d := Difference{Change: fmt.Sprintf("%s %s: %s", verb, k.Name, m.Change)}
		_, err := s.Apply(ctx, k, m.Doc, apiserver.Options{DryRun: true})
		var refused *apiserver.Refused
		switch {
		case errors.As(err, &refused):
			d.Server = refused.Message
			count.Refused++
		case err != nil:
			return nil, err
		}
		for _, p := range simulate(m.Doc) {
			d.Simulation = p.String()
			break
		}
		if (d.Server == "") != (d.Simulation == "") {
			found = append(found, d)
		}
		count.Mutants++
	}
	return found, nil
}

func at(doc map[string]any, path ...string) map[string]any {
	for _, name := range path {
		doc, _ = doc[name].(map[string]any)
	}
	return doc
}

// gone marks a field that is to be taken away.
var gone = new(int)

// long is a text that is longer than any name or label may be.
var long = strings.Repeat("a", 300)

// Mutants are all objects that differ from a good one in one place, by a change
// that often makes it a bad one: a field that is missing, empty, of another type,
// out of range or malformed, an unknown field, a doubled element.
func Mutants(doc map[string]any) []Mutant {
	return mutate(doc, func(v any) map[string]any {
		switch v := v.(type) {
		case string:
			return map[string]any{
				"gone": gone, `""`: "", `"Not_valid! "`: "Not_valid! ", "300 letters": long, "another": "other", "a number": 7.0,
				"an object": map[string]any{}, "-1 as text": "-1", "101%": "101%",
			}
		case bool:
			return map[string]any{"gone": gone, "a text": "maybe", "turned": !v}
		case float64:
			return map[string]any{
				"gone": gone, "0": 0.0, "-1": -1.0, "100000": 100000.0, "1 << 40": float64(1 << 40), "a fraction": v + 0.5, "a text": "many",
			}
		case []any:
			changed := map[string]any{"gone": gone, "empty": []any{}, "an object": map[string]any{}, "with a number": append(slices.Clone(v), 7.0)}
			if len(v) > 0 {
				changed["doubled"] = append(slices.Clone(v), v[0])
			}
			return changed
		case map[string]any:
			surprised := maps.Clone(v)
			surprised["surprise"] = "x"
			labelled := maps.Clone(v)
			labelled["Not valid!"] = "x"
			return map[string]any{"gone": gone, "empty": map[string]any{}, "a text": "text", "with a surprise": surprised, "with a bad key": labelled, "a list": []any{"x"}}
		}
		return nil
	})
}

// changes are objects that differ from a good one in one place, by a change to
// something that is likely good as well.
func changes(doc map[string]any) []Mutant {
	return mutate(doc, func(v any) map[string]any {
		switch v := v.(type) {
		case string:
			return map[string]any{"gone": gone, "another": v + "x"}
		case bool:
			return map[string]any{"gone": gone, "turned": !v}
		case float64:
			return map[string]any{"gone": gone, "one more": v + 1}
		case []any, map[string]any:
			return map[string]any{"gone": gone}
		}
		return nil
	})
}

// mutate applies what changes gives for each value of the document.
func mutate(doc map[string]any, changes func(v any) map[string]any) []Mutant {
	var all []Mutant
	var walk func(path []any, v any)
	walk = func(path []any, v any) {
		if len(path) > 0 && !fixed(path) {
			of := changes(v)
			for _, name := range slices.Sorted(maps.Keys(of)) {
				all = append(all, Mutant{fmt.Sprintf("%s: %s", text(path), name), with(doc, path, of[name])})
			}
		}
		switch v := v.(type) {
		case map[string]any:
			for _, name := range slices.Sorted(maps.Keys(v)) {
				walk(append(slices.Clone(path), name), v[name])
			}
		case []any:
			for i, e := range v {
				walk(append(slices.Clone(path), i), e)
			}
		}
	}
	walk(nil, doc)
	return all
}

// fixed are the fields that say where an object goes: with others, it is put
// elsewhere, which is no matter of its schema.
func fixed(path []any) bool {
	return slices.Contains([]string{"apiVersion", "kind", "metadata", "metadata.namespace"}, text(path))
}

func text(path []any) string {
	var b strings.Builder
	for _, p := range path {
		switch p := p.(type) {
		case int:
			fmt.Fprintf(&b, "[%d]", p)
		case string:
			if b.Len() > 0 {
				b.WriteByte('.')
			}
			b.WriteString(p)
		}
	}
	return b.String()
}

// with is a copy of the document with another value at a path.
func with(doc map[string]any, path []any, v any) map[string]any {
	raw, err := json.Marshal(doc)
	if err != nil {
		panic(err) // it came from JSON
	}
	var out map[string]any
	if err := json.Unmarshal(raw, &out); err != nil {
		panic(err)
	}
	replace(out, path, v)
	return out
}

// replace puts a value at a path of what it returns.
func replace(in any, path []any, v any) any {
	if len(path) == 0 {
		return v
	}
	switch in := in.(type) {
	case map[string]any:
		name := path[0].(string)
		if in[name] = replace(in[name], path[1:], v); in[name] == any(gone) {
			delete(in, name)
		}
		return in
	case []any:
		i := path[0].(int)
		if in[i] = replace(in[i], path[1:], v); in[i] == any(gone) {
			return slices.Delete(in, i, i+1)
		}
		return in
	}
	return in
}
