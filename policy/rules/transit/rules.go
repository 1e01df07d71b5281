// Package transit holds the rules about encryption in transit: TLS, its versions,
// and protocols that have none.
package transit

import "github.com/tandem-platform/tandem/policy/rule"

var rules rule.Set

// Rules returns the rules of the package.
func Rules() []rule.Rule { return rules.Rules() }
