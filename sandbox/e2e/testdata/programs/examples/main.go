// Command examples makes the resources of the examples of every policy rule: the
// bad ones, or with EXAMPLES=good the good ones. What it makes is meant for a
// provider that takes anything.
package main

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/tandem-platform/tandem/policy/pack"
	"github.com/tandem-platform/tandem/policy/rule"
)

type custom struct{ pulumi.CustomResourceState }

type provider struct{ pulumi.ProviderResourceState }

// providers are one for each package, for what needs no other.
type providers map[string]*provider

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		shared := providers{}
		for _, p := range pack.All {
			for _, r := range p.Rules {
				examples := r.Bad
				if os.Getenv("EXAMPLES") == "good" {
					examples = r.Good
				}
				for i, e := range examples {
					if err := register(ctx, shared, fmt.Sprintf("%s-%d", r.ID, i), e); err != nil {
						return fmt.Errorf("rule %s: example %d: %w", r.ID, i+1, err)
					}
				}
			}
		}
		return nil
	})
}

// register makes the resources of an example. What is referred to comes first.
func register(ctx *pulumi.Context, shared providers, prefix string, e rule.Example) error {
	made := map[string]*custom{}
	for left := slices.Clone(e); len(left) > 0; {
		i := slices.IndexFunc(left, func(r rule.ExampleResource) bool { return ready(r.Properties, made) })
		if i < 0 {
			return errors.New("the resources refer to each other in a circle")
		}
		r := left[i]
		left = slices.Delete(left, i, i+1)
		name := prefix + "-" + r.Name

		pkg, _, _ := strings.Cut(r.Type, ":")
		of := shared[pkg]
		if of == nil || r.Provider != nil {
			of = &provider{}
			if err := ctx.RegisterResource("pulumi:providers:"+pkg, name, input(r.Provider, made).(pulumi.Map), of); err != nil {
				return err
			}
			if r.Provider == nil {
				shared[pkg] = of
			}
		}
		made[r.Name] = &custom{}
		if err := ctx.RegisterResource(r.Type, name, input(r.Properties, made).(pulumi.Map), made[r.Name], pulumi.Provider(of)); err != nil {
			return err
		}
	}
	return nil
}

// ready reports whether all that a value refers to has been made.
func ready(v any, made map[string]*custom) bool {
	switch v := v.(type) {
	case rule.Ref:
		return made[v.Resource] != nil
	case []any:
		return !slices.ContainsFunc(v, func(e any) bool { return !ready(e, made) })
	case map[string]any:
		for _, e := range v {
			if !ready(e, made) {
				return false
			}
		}
	}
	return true
}

// input is a value of an example as an input. A reference other than to an id is
// made from the id: it is unknown in a preview, and depends on the resource.
func input(v any, made map[string]*custom) pulumi.Input {
	switch v := v.(type) {
	case rule.Ref:
		id := made[v.Resource].ID()
		if v.Property == "id" {
			return id
		}
		return id.ApplyT(func(id pulumi.ID) string { return string(id) + "-" + v.Property })
	case []any:
		list := pulumi.Array{}
		for _, e := range v {
			list = append(list, input(e, made))
		}
		return list
	case map[string]any:
		m := pulumi.Map{}
		for k, e := range v {
			m[k] = input(e, made)
		}
		return m
	default:
		return pulumi.Any(v)
	}
}
