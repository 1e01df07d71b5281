package rule

import (
	"fmt"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/property"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/policyx"
)

// Example is a small program: the resources that it makes.
type Example []ExampleResource

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
	var findings []Finding
	if r.CheckInStack != nil {
		stack := newStack(all)
		for _, target := range stack.OfType(r.Types...) {
			findings = append(findings, r.CheckInStack(target, stack)...)
		}
		return findings
	}
	for _, a := range all {
		for _, t := range r.Types {
			if t == a.Type {
				findings = append(findings, r.Check(newResource(a, r.settings(nil)))...)
			}
		}
	}
	return findings
}

// resources are the example's resources as the policy SDK shows them.
func (p Program) resources(e Example) []policyx.AnalyzerResource {
	urn := func(name string) string {
		return fmt.Sprintf("urn:pulumi:example::example::%s::%s", e.resource(name).Type, name)
	}
	var all []policyx.AnalyzerResource
	for _, r := range e {
		a := policyx.AnalyzerResource{Type: r.Type, Name: r.Name, URN: urn(r.Name), PropertyDependencies: map[string][]string{}}
		inputs := map[string]property.Value{}
		for key, v := range r.Properties {
			for _, name := range references(v) {
				a.PropertyDependencies[key] = append(a.PropertyDependencies[key], urn(name))
			}
			inputs[key] = p.value(e, r.Name, key, v)
		}
		a.Properties = property.NewMap(inputs)
		if r := (Ref{r.Name, "id"}); inputs[r.Property].IsNull() {
			a.Properties = a.Properties.Set(r.Property, p.value(e, r.Resource, r.Property, r))
		}
		config := map[string]property.Value{}
		for key, v := range r.Provider {
			config[key] = p.value(e, r.Name, "provider."+key, v)
		}
		a.Provider.Properties = property.NewMap(config)
		all = append(all, a)
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
