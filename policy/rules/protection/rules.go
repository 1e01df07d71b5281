// Package protection holds the rules about deleting: by mistake, for ever, or
// without a last copy.
package protection

import "github.com/tandem-platform/tandem/policy/rule"

var rules rule.Set

// Rules returns the rules of the package.
func Rules() []rule.Rule { return rules.Rules() }
