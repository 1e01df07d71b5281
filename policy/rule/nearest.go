package rule

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// Nearest is the good example of a rule that differs least from another example,
// and in what they differ: "name" for a resource that one of them lacks, and
// "name: path" for a property, however deep.
func Nearest(r Rule, e Example) (good Example, in []string) {
	for i, g := range r.Good {
		if d := differences(g, e); i == 0 || distance(d) < distance(in) {
			good, in = g, d
		}
	}
	return good, in
}

// distance is how far examples that differ in this are from each other. A whole
// resource is further than any property.
func distance(in []string) int {
	n := len(in)
	for _, d := range in {
		if !strings.Contains(d, ": ") {
			n += 1000
		}
	}
	return n
}

func differences(a, b Example) []string {
	var in []string
	byName := func(e Example) map[string]ExampleResource {
		m := map[string]ExampleResource{}
		for _, r := range e {
			m[r.Name] = r
		}
		return m
	}
	x, y := byName(a), byName(b)
	for _, name := range keysOfBoth(x, y) {
		p, inX := x[name]
		q, inY := y[name]
		if !inX || !inY || p.Type != q.Type {
			in = append(in, name)
			continue
		}
		in = append(in, differ(name+": ", p.Properties, q.Properties)...)
		in = append(in, differ(name+": provider.", p.Provider, q.Provider)...)
	}
	return in
}

// differ returns the paths at which two values differ.
func differ(path string, a, b any) []string {
	var in []string
	switch x := a.(type) {
	case map[string]any:
		if y, ok := b.(map[string]any); ok {
			for _, key := range keysOfBoth(x, y) {
				in = append(in, differ(strings.TrimSuffix(path, ".")+separator(path)+key, x[key], y[key])...)
			}
			return in
		}
	case []any:
		if y, ok := b.([]any); ok && len(x) == len(y) {
			for i := range x {
				in = append(in, differ(fmt.Sprintf("%s[%d]", path, i), x[i], y[i])...)
			}
			return in
		}
	}
	if !reflect.DeepEqual(a, b) {
		in = append(in, path)
	}
	return in
}

// separator joins a key to a path, unless the path is only the resource's name.
func separator(path string) string {
	if strings.HasSuffix(path, ": ") {
		return ""
	}
	return "."
}

func keysOfBoth[V any](a, b map[string]V) []string {
	all := maps.Clone(a)
	if all == nil {
		all = map[string]V{}
	}
	maps.Copy(all, b)
	return slices.Sorted(maps.Keys(all))
}
