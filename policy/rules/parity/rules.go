// Package parity holds the rules about standby parity: a standby region has what
// it takes to serve in the place of the one that is lost.
//
// A policy sees the resources of one stack. So the rules look at what one stack
// says of another region, such as a member of a global database; and for the rest
// they hold every stack to the same values of the one configuration file.
package parity

import "github.com/tandem-platform/tandem/policy/rule"

var rules rule.Set

// Rules returns the rules of the package.
func Rules() []rule.Rule { return rules.Rules() }

// in is the configuration of a provider of a region.
func in(region string) map[string]any { return map[string]any{"region": region} }

// ref refers to the id of another resource of an example.
func ref(resource string) rule.Ref { return rule.Ref{Resource: resource, Property: "id"} }
