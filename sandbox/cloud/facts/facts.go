// Package facts holds what the simulated clouds know about resource types:
// which properties a type has, of what type, which are required, computed,
// secret, defaulted, and which of them replace the resource when they change.
//
// The facts are read from the providers themselves by the generator in gen and
// kept in facts.json, with the versions that they were read from. Nothing in
// that file is written by hand.
package facts

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
)

// All types are asked about. For new types alone, which is quicker, run the
// generator with -new.
//
//go:generate go run ./gen -out facts.json

//go:embed facts.json
var data []byte

// Facts is the content of facts.json.
type Facts struct {
	// Versions says which module or provider each part was read from.
	Versions map[string]string `json:"versions"`
	// Resources by Pulumi type token.
	Resources map[string]*Resource `json:"resources"`
	// Functions by Pulumi function token.
	Functions map[string]*Function `json:"functions"`
	// Types are the nested object types, by package and name.
	Types map[string]Object `json:"types"`
}

// Object is the properties of an object type by Pulumi name.
type Object map[string]Property

// Property is the shape of one property.
//
// Type is one of string, int, number, bool, any, asset, archive, "[]" and a
// type, "{}" and a type (a map), or "#" and the name of a nested object type.
type Property struct {
	Type     string `json:"t"`
	Required bool   `json:"r,omitempty"`
}

// Resource is what is known of one resource type. Paths leave out list
// indexes and map keys: "vpcConfig.subnetIds".
type Resource struct {
	// Inputs and Outputs by name. Outputs holds every input again.
	Inputs  Object `json:"in"`
	Outputs Object `json:"out"`
	// Secret lists the outputs that are always secret.
	Secret []string `json:"secret,omitempty"`
	// Terraform is the type's name in the Terraform provider, empty where
	// there is none.
	Terraform string `json:"tf,omitempty"`
	// Replace lists the input paths whose change replaces the resource.
	Replace []string `json:"replace,omitempty"`
	// Unasked lists the input paths of which the provider would plan no
	// change by itself, so that it is not known whether they replace.
	Unasked []string `json:"unasked,omitempty"`
	// Computed lists the outputs that the provider sets when the program
	// does not.
	Computed []string `json:"computed,omitempty"`
	// Sets lists the paths of lists in which order means nothing.
	Sets []string `json:"sets,omitempty"`
	// Defaults are the values that the provider sets for absent inputs, by
	// top-level name.
	Defaults map[string]any `json:"defaults,omitempty"`
	// Sensitive lists the paths that the provider calls sensitive.
	Sensitive []string `json:"sensitive,omitempty"`
	// Values says what the provider demands of values, by path.
	Values map[string]*Value `json:"values,omitempty"`
	// Needs lists the paths of lists that are required where the object
	// around them is there.
	Needs []string `json:"needs,omitempty"`
	// Items are the least and the most elements of lists that are given, by
	// path. A most of 0 is no bound.
	Items map[string][2]int `json:"items,omitempty"`
	// Groups are inputs that depend on each other.
	Groups []Group `json:"groups,omitempty"`
}

// Group is a rule about which inputs are set together. Paths below a list hold
// for each of its elements by itself.
type Group struct {
	Kind  GroupKind `json:"k"`
	Paths []string  `json:"p"`
}

// GroupKind says what a group demands of its paths.
type GroupKind string

const (
	// Conflicts: not both of two.
	Conflicts GroupKind = "conflicts"
	// ExactlyOne, AtLeastOne and AtMostOne: so many of them.
	ExactlyOne GroupKind = "exactlyOne"
	AtLeastOne GroupKind = "atLeastOne"
	AtMostOne  GroupKind = "atMostOne"
	// Requires: the first needs all others.
	Requires GroupKind = "requires"
)

// Function is what is known of one function.
type Function struct {
	Inputs  Object `json:"in"`
	Outputs Object `json:"out"`
}

var load = sync.OnceValues(func() (*Facts, error) {
	var f Facts
	if err := json.Unmarshal(data, &f); err != nil {
		return nil, fmt.Errorf("reading the embedded facts: %w", err)
	}
	return &f, nil
})

// Load returns the embedded facts. The result is shared: do not change it.
func Load() (*Facts, error) { return load() }

// Elem returns the element type of a list or map type, and whether t is one.
func Elem(t string) (elem string, ok bool) {
	if e, ok := strings.CutPrefix(t, "[]"); ok {
		return e, true
	}
	return strings.CutPrefix(t, "{}")
}

// Nested returns the object type that t names, nil if t names none.
func (f *Facts) Nested(t string) Object {
	if name, ok := strings.CutPrefix(t, "#"); ok {
		return f.Types[name]
	}
	return nil
}
