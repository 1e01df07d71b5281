package rule

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/property"
)

// Properties are properties of a resource of an example.
type Properties = map[string]any

// Example is a small program: the resources that it makes.
type Example []ExampleResource

// Only is an example of a single resource, which is called "it".
func Only(typ string, properties Properties) Example {
	return Example{{Type: typ, Name: "it", Properties: properties}}
}

// With is the example with another value of one property of its last resource.
// The path is of keys, joined by dots, and of indices of lists.
func (e Example) With(path string, value any) Example { return e.change(path, value, false) }

// Without is the example without one property of its last resource.
func (e Example) Without(path string) Example { return e.change(path, nil, true) }

// Missing stands for no value among the bad ones that are given to [Rule.On].
var Missing = missing{}

type missing struct{}

// On adds a resource type to the rule, with examples: a resource of these
// properties is good, and it is bad with each of some values in the place of what
// is at a path. See [Example.With] for paths.
func (r Rule) On(typ string, good Properties, path string, bad ...any) Rule {
	return r.Shown(typ, Only(typ, good), path, bad...)
}

// Shown is On for a good example of several resources, the last of which is of
// the type.
func (r Rule) Shown(typ string, good Example, path string, bad ...any) Rule {
	if !slices.Contains(r.Types, typ) {
		r.Types = append(slices.Clip(r.Types), typ)
	}
	r.Good = append(slices.Clip(r.Good), good)
	r.Bad = slices.Clip(r.Bad)
	for _, v := range bad {
		if v == any(Missing) {
			r.Bad = append(r.Bad, good.Without(path))
		} else {
			r.Bad = append(r.Bad, good.With(path, v))
		}
	}
	return r
}

// Accepts adds good examples of single resources of the type that was given last.
func (r Rule) Accepts(good ...Properties) Rule {
	r.Good = slices.Clip(r.Good)
	for _, properties := range good {
		r.Good = append(r.Good, Only(r.Types[len(r.Types)-1], properties))
	}
	return r
}

func (e Example) change(path string, value any, remove bool) Example {
	changed := slices.Clone(e)
	last := &changed[len(changed)-1]
	properties := changeAt(last.Properties, strings.Split(path, "."), value, remove)
	last.Properties, _ = properties.(map[string]any)
	return changed
}

// changeAt is a copy of a value with another one at a path below it.
func changeAt(v any, path []string, value any, remove bool) any {
	if len(path) == 0 {
		return value
	}
	if list, ok := v.([]any); ok {
		i, err := strconv.Atoi(path[0])
		if err != nil {
			panic(fmt.Sprintf("the example has a list where its path has the key %q", path[0]))
		}
		list = slices.Clone(list)
		list[i] = changeAt(list[i], path[1:], value, remove)
		return list
	}
	m, _ := v.(map[string]any)
	if m = maps.Clone(m); m == nil {
		m = map[string]any{}
	}
	if remove && len(path) == 1 {
		delete(m, path[0])
	} else {
		m[path[0]] = changeAt(m[path[0]], path[1:], value, remove)
	}
	return m
}

// ExampleResource is one resource of an example.
type ExampleResource struct {
	// Type is its token.
	Type string
	// Name is its name, unique in the example.
	Name string
	// Properties are its inputs: bool, float64, string, []any, map[string]any, and
	// [Ref].
	Properties map[string]any
	// Provider is the configuration of its provider, of the same types but Ref.
	Provider map[string]any
}

// Ref stands for a property of another resource of the example: the value that
// is given for it there, or what the cloud makes up, which for an id is the
// resource's name. It is unknown in a preview.
type Ref struct{ Resource, Property string }

// Program is an example as the engine would show it to a policy.
type Program struct {
	// Preview makes every Ref unknown. Otherwise it has a value, the same wherever
	// it stands.
	Preview bool
	// Change, if given, may put another value in the place of any property, by
	// resource name and path.
	Change func(resource, path string, v property.Value) property.Value
}

// Findings runs the rule on an example, as its policy would.
func (r Rule) Findings(e Example, p Program) []Finding {
	all := p.resources(e)
	settings := r.settings(r.ExampleSettings)
	stack := newStack(all)
	var findings []Finding
	for _, target := range all {
		switch target = target.with(settings); {
		case !r.looksAt(target.Type):
		case r.CheckInStack != nil:
			findings = append(findings, r.CheckInStack(target, stack)...)
		default:
			findings = append(findings, r.Check(target)...)
		}
	}
	return findings
}

// Fixed is an example after the rule has mended what it finds in it.
func (r Rule) Fixed(e Example) Example {
	fixed := slices.Clone(e)
	settings := r.settings(r.ExampleSettings)
	for i, target := range (Program{}).resources(e) {
		if r.looksAt(target.Type) && len(r.Check(target.with(settings))) > 0 {
			for _, fix := range r.Fix {
				fixed[i].Properties, _ = changeAt(fixed[i].Properties, fix.keys(), fix.Value, false).(map[string]any)
			}
		}
	}
	return fixed
}

// resources are the example's resources as a rule sees them.
func (p Program) resources(e Example) []Resource {
	urn := func(name string) string {
		return fmt.Sprintf("urn:pulumi:example::example::%s::%s", e.resource(name).Type, name)
	}
	var all []Resource
	for _, r := range e {
		seen := Resource{Type: r.Type, Name: r.Name, URN: urn(r.Name), dependsOn: map[string][]string{}}
		inputs := map[string]property.Value{}
		for key, v := range r.Properties {
			for _, name := range references(v) {
				seen.dependsOn[key] = append(seen.dependsOn[key], urn(name))
			}
			inputs[key] = p.value(e, r.Name, key, v)
		}
		if ref := (Ref{r.Name, "id"}); inputs[ref.Property].IsNull() {
			inputs[ref.Property] = p.value(e, ref.Resource, ref.Property, ref)
		}
		seen.properties = Value{value: property.New(inputs)}
		config := map[string]property.Value{}
		for key, v := range r.Provider {
			config[key] = p.value(e, r.Name, "provider."+key, v)
		}
		seen.provider = Value{value: property.New(config)}
		all = append(all, seen)
	}
	return all
}

// resource is the resource of a name. It panics if there is none, because the
// example is wrong then.
func (e Example) resource(name string) ExampleResource {
	i := slices.IndexFunc(e, func(r ExampleResource) bool { return r.Name == name })
	if i < 0 {
		panic(fmt.Sprintf("the example has no resource %q", name))
	}
	return e[i]
}

// madeUp is the value that a reference has once it is known.
func (e Example) madeUp(ref Ref) string {
	switch v := e.resource(ref.Resource).Properties[ref.Property].(type) {
	case string:
		return v
	case Ref:
		return e.madeUp(v)
	}
	if ref.Property == "id" {
		return ref.Resource
	}
	return ref.Resource + "-" + ref.Property
}

// references are the names of the resources that a value refers to.
func references(v any) []string {
	var names []string
	switch v := v.(type) {
	case Ref:
		names = append(names, v.Resource)
	case []any:
		for _, e := range v {
			names = append(names, references(e)...)
		}
	case map[string]any:
		for _, e := range v {
			names = append(names, references(e)...)
		}
	}
	return names
}

// value is a value of an example as a property.
func (p Program) value(e Example, resource, path string, v any) property.Value {
	var value property.Value
	switch v := v.(type) {
	case []any:
		list := make([]property.Value, len(v))
		for i, element := range v {
			list[i] = p.value(e, resource, fmt.Sprintf("%s[%d]", path, i), element)
		}
		value = property.New(list)
	case map[string]any:
		m := make(map[string]property.Value, len(v))
		for k, element := range v {
			m[k] = p.value(e, resource, path+"."+k, element)
		}
		value = property.New(m)
	case Ref:
		value = property.New(e.madeUp(v))
		if p.Preview {
			value = property.New(property.Computed)
		}
	default:
		known, err := property.Any(v)
		if err != nil {
			panic(fmt.Sprintf("resource %s: %s: %v", resource, path, err))
		}
		value = known
	}
	if p.Change != nil {
		value = p.Change(resource, path, value)
	}
	return value
}
