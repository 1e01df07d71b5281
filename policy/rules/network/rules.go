// Package network holds the rules about what may talk to what: security groups,
// network ACLs, endpoints and the flow of packets.
package network

import "github.com/tandem-platform/tandem/policy/rule"

var rules rule.Set

// Rules returns the rules of the package.
func Rules() []rule.Rule { return rules.Rules() }
