// Package pack lists the policy packs and the rules that are in each.
package pack

import (
	"slices"

	"github.com/tandem-platform/tandem/policy/rule"
	"github.com/tandem-platform/tandem/policy/rules/encryption"
	"github.com/tandem-platform/tandem/policy/rules/exposure"
	"github.com/tandem-platform/tandem/policy/rules/tagging"
)

// Version is the version of every pack.
const Version = "0.1.0"

// Security is the pack of rules that keep data private and accounted for. Its
// program is policy/security.
var Security = rule.Pack{
	Name:        "tandem-security",
	Version:     Version,
	Description: "Encryption at rest, no public buckets, required tags",
	Rules:       slices.Concat(encryption.Rules(), exposure.Rules(), tagging.Rules()),
}

// All are all packs.
var All = []rule.Pack{Security}
