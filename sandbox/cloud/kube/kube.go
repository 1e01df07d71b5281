// Package kube knows the kinds of Kubernetes objects that the sandbox models as
// the API server knows them: their schemas and the rules that schemas do not say.
// It looks at objects alone; what is in a cluster is its callers' to know.
//
// The schemas are read by the generator in gen from the Go modules that publish
// them, and kept in schemas.json with the modules' versions. Nothing in that file
// is written by hand.
package kube

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
)

//go:generate go run ./gen -out schemas.json

//go:embed schemas.json
var data []byte

// Schemas is the content of schemas.json.
type Schemas struct {
	// Modules are the Go modules that the schemas were read from, with their versions.
	Modules map[string]string `json:"modules"`
	// Kinds by API version and kind: "apps/v1/Deployment".
	Kinds map[string]*Kind `json:"kinds"`
	// Definitions are what the schemas of built-in kinds refer to.
	Definitions map[string]*Schema `json:"definitions"`
}

// Kind is what the API server knows of one kind.
type Kind struct {
	// Plural is the kind's name in the paths of the API: "deployments".
	Plural string `json:"plural"`
	// Namespaced says whether its objects live in namespaces.
	Namespaced bool `json:"namespaced,omitempty"`
	// Custom says that the kind comes with a custom resource definition. The
	// schema of any other kind refers to a definition.
	Custom bool `json:"custom,omitempty"`
	// Subresources of a custom kind, such as status.
	Subresources []string `json:"subresources,omitempty"`
	// Schema of an object of the kind.
	Schema *Schema `json:"schema"`

	// APIVersion and Name are the kind's own, of its key in the file.
	APIVersion string `json:"-"`
	Name       string `json:"-"`
}

// Schema is a structural schema of OpenAPI 3, with the extensions of Kubernetes.
type Schema struct {
	Ref                  string             `json:"$ref,omitempty"`
	Type                 string             `json:"type,omitempty"`
	Format               string             `json:"format,omitempty"`
	Properties           map[string]*Schema `json:"properties,omitempty"`
	AdditionalProperties *Schema            `json:"additionalProperties,omitempty"`
	Items                *Schema            `json:"items,omitempty"`
	Required             []string           `json:"required,omitempty"`
	Enum                 []any              `json:"enum,omitempty"`
	Default              any                `json:"default,omitempty"`
	Nullable             bool               `json:"nullable,omitempty"`
	Pattern              string             `json:"pattern,omitempty"`
	Minimum              *float64           `json:"minimum,omitempty"`
	Maximum              *float64           `json:"maximum,omitempty"`
	MinLength            *int               `json:"minLength,omitempty"`
	MaxLength            *int               `json:"maxLength,omitempty"`
	MinItems             *int               `json:"minItems,omitempty"`
	MaxItems             *int               `json:"maxItems,omitempty"`
	MinProperties        *int               `json:"minProperties,omitempty"`
	MaxProperties        *int               `json:"maxProperties,omitempty"`
	AnyOf                []*Schema          `json:"anyOf,omitempty"`
	OneOf                []*Schema          `json:"oneOf,omitempty"`
	AllOf                []*Schema          `json:"allOf,omitempty"`
	Not                  *Schema            `json:"not,omitempty"`
	IntOrString          bool               `json:"x-kubernetes-int-or-string,omitempty"`
	PreserveUnknown      bool               `json:"x-kubernetes-preserve-unknown-fields,omitempty"`
	ListType             string             `json:"x-kubernetes-list-type,omitempty"`
	ListMapKeys          []string           `json:"x-kubernetes-list-map-keys,omitempty"`
	MapType              string             `json:"x-kubernetes-map-type,omitempty"`
	Validations          []Validation       `json:"x-kubernetes-validations,omitempty"`
}

// Validation is a rule of a custom resource definition in CEL.
type Validation struct {
	Rule              string `json:"rule"`
	Message           string `json:"message,omitempty"`
	MessageExpression string `json:"messageExpression,omitempty"`
	Reason            string `json:"reason,omitempty"`
	FieldPath         string `json:"fieldPath,omitempty"`
}

var load = sync.OnceValues(func() (*Schemas, error) {
	var s Schemas
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&s); err != nil {
		return nil, fmt.Errorf("reading schemas.json: %w", err)
	}
	for key, k := range s.Kinds {
		i := strings.LastIndex(key, "/")
		k.APIVersion, k.Name = key[:i], key[i+1:]
	}
	return &s, nil
})

// Load returns the schemas.
func Load() (*Schemas, error) { return load() }

// Key names a kind in [Schemas.Kinds].
func Key(apiVersion, kind string) string { return apiVersion + "/" + kind }

// Group is the kind's API group, empty for the core group.
func (k *Kind) Group() string {
	group, _, found := strings.Cut(k.APIVersion, "/")
	if !found {
		return ""
	}
	return group
}

// Version is the version within the group.
func (k *Kind) Version() string { return k.APIVersion[strings.Index(k.APIVersion, "/")+1:] }

// Resource is the kind's plural with its group: "deployments.apps".
func (k *Kind) Resource() string {
	if k.Group() == "" {
		return k.Plural
	}
	return k.Plural + "." + k.Group()
}

// Definition is the custom resource definition of a custom kind, with the one
// version that is modelled.
func (k *Kind) Definition() map[string]any {
	scope := "Cluster"
	if k.Namespaced {
		scope = "Namespaced"
	}
	version := map[string]any{
		"name": k.Version(), "served": true, "storage": true, "schema": map[string]any{"openAPIV3Schema": k.Schema},
	}
	if slices.Contains(k.Subresources, "status") {
		version["subresources"] = map[string]any{"status": map[string]any{}}
	}
	return map[string]any{
		"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
		// Groups below k8s.io need an approval, which the published definitions have.
		"metadata": map[string]any{"name": k.Resource(), "annotations": map[string]any{"api-approved.kubernetes.io": "unapproved, a copy"}},
		"spec": map[string]any{
			"group": k.Group(), "scope": scope, "versions": []any{version},
			"names": map[string]any{"plural": k.Plural, "singular": strings.ToLower(k.Name), "kind": k.Name, "listKind": k.Name + "List"},
		},
	}
}
