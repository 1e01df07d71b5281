// Package disruption holds the rules about Kubernetes workloads that are to outlive
// the loss of a pod, a node or a zone, and every update.
package disruption

import "github.com/tandem-platform/tandem/policy/rule"

var rules rule.Set

// Rules returns the rules of the package.
func Rules() []rule.Rule { return rules.Rules() }
