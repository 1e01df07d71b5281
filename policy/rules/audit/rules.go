// Package audit holds the rules about logs, trails and detectors: what tells later
// who did what.
package audit

import "github.com/tandem-platform/tandem/policy/rule"

var rules rule.Set

// Rules returns the rules of the package.
func Rules() []rule.Rule { return rules.Rules() }
