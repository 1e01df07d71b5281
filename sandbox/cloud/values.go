package cloud

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// defaultsKey is where Pulumi's bridge keeps the names of the inputs that it
// filled in. Names that begin with two underscores are the engine's own.
const defaultsKey = "__defaults"

func internal(name string) bool { return strings.HasPrefix(name, "__") }

// plain turns engine values into JSON values: secrets are opened, unknown
// values, nulls and the engine's own properties are left out.
func plain(m resource.PropertyMap) map[string]any {
	out := map[string]any{}
	for k, v := range m {
		if internal(string(k)) {
			continue
		}
		if p, ok := plainValue(v); ok {
			out[string(k)] = p
		}
	}
	return out
}

func plainValue(v resource.PropertyValue) (any, bool) {
	v = reveal(v)
	switch {
	case v.IsNull() || v.IsComputed() || v.IsOutput():
		return nil, false
	case v.IsArray():
		list := make([]any, 0, len(v.ArrayValue()))
		for _, e := range v.ArrayValue() {
			if p, ok := plainValue(e); ok {
				list = append(list, p)
			}
		}
		return list, true
	case v.IsObject():
		return plain(v.ObjectValue()), true
	case v.IsAsset():
		return "asset:" + v.AssetValue().Hash, true
	case v.IsArchive():
		return "archive:" + v.ArchiveValue().Hash, true
	case v.IsResourceReference():
		return string(v.ResourceReferenceValue().URN), true
	}
	return v.V, true
}

// reveal takes a value out of its secret wrappers.
func reveal(v resource.PropertyValue) resource.PropertyValue {
	for {
		switch {
		case v.IsSecret():
			v = v.SecretValue().Element
		case v.IsOutput() && v.OutputValue().Known:
			v = v.OutputValue().Element
		default:
			return v
		}
	}
}

// unknown says whether a value is not known yet.
func unknown(v resource.PropertyValue) bool {
	v = reveal(v)
	return v.IsComputed() || v.IsOutput()
}

// engine turns JSON values into engine values.
func engine(m map[string]any) resource.PropertyMap {
	return resource.NewPropertyMapFromMap(m)
}

// markSecrets makes each property secret that holds a secret in like or is in
// names.
func markSecrets(m, like resource.PropertyMap, names []string) resource.PropertyMap {
	for k, v := range m {
		if v.IsSecret() || v.IsNull() {
			continue
		}
		if l, ok := like[k]; (ok && l.ContainsSecrets()) || slices.Contains(names, string(k)) {
			m[k] = resource.MakeSecret(v)
		}
	}
	return m
}

// hide makes the values at paths secret.
func hide(m resource.PropertyMap, paths []string) resource.PropertyMap {
	for _, path := range paths {
		parent, name, _ := cutLast(path)
		for _, o := range objects(m, parent) {
			k := resource.PropertyKey(name)
			if v, ok := o.in[k]; ok && !v.IsNull() && !v.IsSecret() {
				o.in[k] = resource.MakeSecret(v)
			}
		}
	}
	return m
}

// step is one part of a path: a name, or an index if name is empty.
type step struct {
	name  string
	index int
}

var stepForm = regexp.MustCompile(`^([^.\[\]]+)|^\[(\d+)\]|^\["([^"]*)"\]`)

func steps(path string) []step {
	var out []step
	for path != "" {
		path = strings.TrimPrefix(path, ".")
		m := stepForm.FindStringSubmatch(path)
		if m == nil {
			return append(out, step{name: path})
		}
		switch {
		case m[2] != "":
			n, _ := strconv.Atoi(m[2]) // the form admits digits only
			out = append(out, step{index: n})
		case m[3] != "":
			out = append(out, step{name: m[3]})
		default:
			out = append(out, step{name: m[1]})
		}
		path = path[len(m[0]):]
	}
	return out
}

// at returns the value at a path such as vpcConfig.subnetIds[0], nil if there
// is none.
func at(v any, path string) any {
	for _, s := range steps(path) {
		switch x := v.(type) {
		case map[string]any:
			v = x[s.name]
		case []any:
			if s.name != "" || s.index >= len(x) {
				return nil
			}
			v = x[s.index]
		default:
			return nil
		}
	}
	return v
}

// all returns the values at a path, one per list element on the way where the
// path gives no index, with their full paths.
func all(v any, path string) []leaf {
	found := []leaf{{"", v}}
	if i := strings.LastIndex(path, "]"); i >= 0 {
		found = []leaf{{path[:i+1], at(v, path[:i+1])}}
		path = path[i+1:]
	}
	for _, s := range steps(path) {
		var next []leaf
		for _, l := range found {
			if m, ok := l.value.(map[string]any); ok && m[s.name] != nil {
				next = append(next, spread(leaf{join(l.path, s.name), m[s.name]})...)
			}
		}
		found = next
	}
	return found
}

// spread gives a list's elements, and anything else as it is.
func spread(l leaf) []leaf {
	list, ok := l.value.([]any)
	if !ok {
		return []leaf{l}
	}
	var out []leaf
	for i, e := range list {
		out = append(out, spread(leaf{fmt.Sprintf("%s[%d]", l.path, i), e})...)
	}
	return out
}

// put sets the value at a path of names; it makes no object on the way, and
// says whether it could.
func put(m map[string]any, path string, v any) bool {
	parent, name, nested := cutLast(path)
	if nested {
		p, ok := at(m, parent).(map[string]any)
		if !ok {
			return false
		}
		m = p
	}
	m[name] = v
	return true
}

func cutLast(path string) (parent, name string, nested bool) {
	if i := strings.LastIndex(path, "."); i >= 0 {
		return path[:i], path[i+1:], true
	}
	return "", path, false
}

// leaf is a value with its path.
type leaf struct {
	path  string
	value any
}

// leaves returns all values that are neither lists nor objects, in the order of
// their paths.
func leaves(v any) []leaf {
	var out []leaf
	var walk func(path string, v any)
	walk = func(path string, v any) {
		switch x := v.(type) {
		case map[string]any:
			for _, k := range slices.Sorted(maps.Keys(x)) {
				walk(join(path, k), x[k])
			}
		case []any:
			for i, e := range x {
				walk(fmt.Sprintf("%s[%d]", path, i), e)
			}
		case nil:
		default:
			out = append(out, leaf{path, v})
		}
	}
	walk("", v)
	return out
}

func join(path, name string) string {
	if strings.ContainsAny(name, `."[]/`) {
		return path + "[" + strconv.Quote(name) + "]"
	}
	if path == "" {
		return name
	}
	return path + "." + name
}

var indexForm = regexp.MustCompile(`\[\d+\]`)

// bare is a path without its list indexes.
func bare(path string) string { return indexForm.ReplaceAllString(path, "") }

// under says whether path is parent or lies below it.
func under(path, parent string) bool {
	return path == parent || strings.HasPrefix(path, parent+".") || strings.HasPrefix(path, parent+"[")
}

// number is the number at a path, and whether there is one.
func number(m map[string]any, path string) (float64, bool) {
	f, ok := at(m, path).(float64)
	return f, ok
}

// truth is the boolean at a path, false if there is none.
func truth(m map[string]any, path string) bool {
	b, _ := at(m, path).(bool)
	return b
}

// texts is the list of strings at a path.
func texts(m map[string]any, path string) []string {
	var out []string
	for _, l := range all(m, path) {
		if s, ok := l.value.(string); ok {
			out = append(out, s)
		}
	}
	return out
}

func sortedNames[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }
