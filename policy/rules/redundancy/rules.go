// Package redundancy holds the rules about having more than one of everything:
// zones, nodes and replicas.
package redundancy

import "github.com/tandem-platform/tandem/policy/rule"

var rules rule.Set

// Rules returns the rules of the package.
func Rules() []rule.Rule { return rules.Rules() }
