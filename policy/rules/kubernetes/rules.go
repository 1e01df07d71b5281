// Package kubernetes holds the rules about Kubernetes objects and the EKS clusters
// that hold them.
package kubernetes

import "github.com/tandem-platform/tandem/policy/rule"

var rules rule.Set

// Rules returns the rules of the package.
func Rules() []rule.Rule { return rules.Rules() }
