// Package spending holds the rules about what is paid for without use: storage of
// old kinds, sizes that nobody needs, logs that are kept for ever.
package spending

import "github.com/tandem-platform/tandem/policy/rule"

var rules rule.Set

// Rules returns the rules of the package.
func Rules() []rule.Rule { return rules.Rules() }
