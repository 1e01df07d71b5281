// Package provider lets a component written in Go be used from other languages.
package provider

import "github.com/pulumi/pulumi/sdk/v3/go/pulumi"

// CopyTo sets the inputs of a component as they came over the wire.
func CopyTo(inputs map[string]any, args any) error { return pulumi.CopyInputs(inputs, args) }
