// Package identity holds the rules about who may do what: IAM users, roles,
// policies and keys, and the sign-in of people.
package identity

import "github.com/tandem-platform/tandem/policy/rule"

var rules rule.Set

// Rules returns the rules of the package.
func Rules() []rule.Rule { return rules.Rules() }
