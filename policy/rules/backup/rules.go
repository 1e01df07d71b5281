// Package backup holds the rules about backups and copies of data.
package backup

import "github.com/tandem-platform/tandem/policy/rule"

var rules rule.Set

// Rules returns the rules of the package.
func Rules() []rule.Rule { return rules.Rules() }
