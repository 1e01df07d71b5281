package cloud

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"

	"github.com/tandem-platform/tandem/sandbox/cloud/facts"
)

// demands checks inputs against what the provider demands of values, of the
// length of lists, and of inputs that go together or do not. It reports every
// problem. given are the program's own inputs, without what Check fills in:
// the provider's defaults are in no contradiction to them.
func demands(f *facts.Resource, in, given resource.PropertyMap) []plugin.CheckFailure {
	var bad []plugin.CheckFailure
	fail := func(path, format string, args ...any) {
		bad = append(bad, plugin.CheckFailure{Property: resource.PropertyKey(path), Reason: fmt.Sprintf(format, args...)})
	}
	for _, path := range sortedNames(f.Values) {
		parent, name, _ := cutLast(path)
		for _, o := range objects(in, parent) {
			for _, s := range scalars(join(o.path, name), o.in[resource.PropertyKey(name)]) {
				if wrong := f.Values[path].Refuses(s.path, s.value); wrong != "" {
					fail(s.path, "%s", wrong)
				}
			}
		}
	}
	for _, path := range sortedNames(f.Items) {
		parent, name, _ := cutLast(path)
		for _, o := range objects(in, parent) {
			v, at := reveal(o.in[resource.PropertyKey(name)]), join(o.path, name)
			if !v.IsArray() {
				continue
			}
			n, least, most := len(v.ArrayValue()), f.Items[path][0], f.Items[path][1]
			if n < least {
				fail(at, "Not enough list items: %s requires %d item minimum, but config has only %d declared", at, least, n)
			}
			if most > 0 && n > most {
				fail(at, "Too many list items: %s supports %d item maximum, but config has %d declared", at, most, n)
			}
		}
	}
	for _, path := range f.Needs {
		parent, name, _ := cutLast(path)
		for _, o := range objects(in, parent) {
			if v := o.in[resource.PropertyKey(name)]; v.V == nil || reveal(v).IsNull() {
				fail(join(o.path, name), "missing required property")
			}
		}
	}
	for _, g := range f.Groups {
		parent := commonParent(g.Paths)
		for _, o := range objects(given, parent) {
			if wrong := grouped(g, parent, o.in); wrong != "" {
				fail(join(o.path, strings.TrimPrefix(strings.TrimPrefix(g.Paths[0], parent), ".")), "%s", wrong)
			}
		}
	}
	return bad
}

// located is an object within inputs, with its path.
type located struct {
	path string
	in   resource.PropertyMap
}

// objects are the objects at a path of names, those in lists included, as far
// as they are known.
func objects(in resource.PropertyMap, path string) []located {
	found := []located{{"", in}}
	if path == "" {
		return found
	}
	for _, name := range strings.Split(path, ".") {
		var next []located
		for _, o := range found {
			next = append(next, objectsIn(join(o.path, name), o.in[resource.PropertyKey(name)])...)
		}
		found = next
	}
	return found
}

func objectsIn(path string, v resource.PropertyValue) []located {
	v = reveal(v)
	switch {
	case v.IsObject():
		return []located{{path, v.ObjectValue()}}
	case v.IsArray():
		var all []located
		for i, e := range v.ArrayValue() {
			all = append(all, objectsIn(fmt.Sprintf("%s[%d]", path, i), e)...)
		}
		return all
	}
	return nil
}

// scalars are the known strings and numbers of a value, or of the elements of a
// list.
func scalars(path string, v resource.PropertyValue) []leaf {
	v = reveal(v)
	switch {
	case v.IsString():
		return []leaf{{path, v.StringValue()}}
	case v.IsNumber():
		return []leaf{{path, v.NumberValue()}}
	case v.IsArray():
		var all []leaf
		for i, e := range v.ArrayValue() {
			all = append(all, scalars(fmt.Sprintf("%s[%d]", path, i), e)...)
		}
		return all
	}
	return nil
}

// commonParent is the path of the object that holds all paths.
func commonParent(paths []string) string {
	parent, _, _ := cutLast(paths[0])
	for parent != "" && slices.ContainsFunc(paths, func(p string) bool { return !strings.HasPrefix(p, parent+".") }) {
		parent, _, _ = cutLast(parent)
	}
	return parent
}

// grouped says what is wrong with a group in the object at parent, in the words
// of the provider; it is empty where nothing is.
func grouped(g facts.Group, parent string, in resource.PropertyMap) string {
	var given []string
	for _, p := range g.Paths {
		switch present(in, strings.TrimPrefix(strings.TrimPrefix(p, parent), ".")) {
		case yes:
			given = append(given, p)
		case perhaps:
			return ""
		}
	}
	all := strings.Join(g.Paths, ",")
	switch first := g.Paths[0]; {
	case g.Kind == facts.Conflicts && len(given) > 1:
		return fmt.Sprintf("Conflicting configuration arguments: %q: conflicts with %s", given[0], given[1])
	case (g.Kind == facts.ExactlyOne || g.Kind == facts.AtMostOne) && len(given) > 1:
		return fmt.Sprintf("Invalid combination of arguments: %q: only one of `%s` can be specified, but `%s` were specified", given[0], all, strings.Join(given, ","))
	case (g.Kind == facts.ExactlyOne || g.Kind == facts.AtLeastOne) && len(given) == 0:
		return fmt.Sprintf("Invalid combination of arguments: %q: one of `%s` must be specified", first, all)
	case g.Kind == facts.Requires && len(given) < len(g.Paths) && slices.Contains(given, first):
		return fmt.Sprintf("Missing required argument: %q: all of `%s` must be specified", first, all)
	}
	return ""
}

type certainty int

const (
	no certainty = iota
	perhaps
	yes
)

// present says whether an input is set, as far as that is known: an unknown
// value may turn out to be none.
func present(in resource.PropertyMap, path string) certainty {
	parent, name, _ := cutLast(path)
	best := no
	for _, o := range objects(in, parent) {
		v := o.in[resource.PropertyKey(name)]
		switch {
		case unknown(v), v.IsArray() && len(v.ArrayValue()) == 0:
			// To the provider an empty list is something, no block nothing.
			best = max(best, perhaps)
		case !empty(reveal(v)):
			best = yes
		}
	}
	return best
}
