// Package compute holds the rules about machines and what runs on them: instance
// metadata, privileges, updates and code.
package compute

import "github.com/tandem-platform/tandem/policy/rule"

var rules rule.Set

// Rules returns the rules of the package.
func Rules() []rule.Rule { return rules.Rules() }
