// Package encryption holds the rules about encryption at rest.
//
// What AWS always encrypts, with no way to say otherwise, has no rule here: log
// groups, SSM parameters of type SecureString, ECR images. Where AWS encrypts by
// default with a key that it owns, a rule asks for a key of the customer's where
// that key decides who may read: secrets, topics, the secrets of a cluster.
package encryption

import "github.com/tandem-platform/tandem/policy/rule"

var rules rule.Set

// Rules returns the rules of the package.
func Rules() []rule.Rule { return rules.Rules() }
