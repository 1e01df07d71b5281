// Package health holds the rules about noticing that something is down, and about
// deployments that stop when it is.
package health

import "github.com/tandem-platform/tandem/policy/rule"

var rules rule.Set

// Rules returns the rules of the package.
func Rules() []rule.Rule { return rules.Rules() }
