// Package pack lists the policy packs and the rules that are in each.
package pack

import (
	"slices"

	"github.com/tandem-platform/tandem/policy/rule"
	"github.com/tandem-platform/tandem/policy/rules/audit"
	"github.com/tandem-platform/tandem/policy/rules/backup"
	"github.com/tandem-platform/tandem/policy/rules/compute"
	"github.com/tandem-platform/tandem/policy/rules/disruption"
	"github.com/tandem-platform/tandem/policy/rules/encryption"
	"github.com/tandem-platform/tandem/policy/rules/exposure"
	"github.com/tandem-platform/tandem/policy/rules/health"
	"github.com/tandem-platform/tandem/policy/rules/identity"
	"github.com/tandem-platform/tandem/policy/rules/kubernetes"
	"github.com/tandem-platform/tandem/policy/rules/network"
	"github.com/tandem-platform/tandem/policy/rules/parity"
	"github.com/tandem-platform/tandem/policy/rules/plaintext"
	"github.com/tandem-platform/tandem/policy/rules/protection"
	"github.com/tandem-platform/tandem/policy/rules/redundancy"
	"github.com/tandem-platform/tandem/policy/rules/spending"
	"github.com/tandem-platform/tandem/policy/rules/staticstability"
	"github.com/tandem-platform/tandem/policy/rules/tagging"
	"github.com/tandem-platform/tandem/policy/rules/transit"
)

// Version is the version of every pack.
const Version = "0.2.0"

// Security is the pack of rules that keep data private and tell who did what. Its
// program is policy/security.
var Security = rule.Pack{
	Name:        "tandem-security",
	Version:     Version,
	Description: "Encryption, public exposure, identity, audit, network, machines, Kubernetes and secrets in plain text",
	Rules: slices.Concat(
		encryption.Rules(), transit.Rules(), exposure.Rules(), identity.Rules(), audit.Rules(), network.Rules(),
		compute.Rules(), kubernetes.Rules(), plaintext.Rules(),
	),
}

// Reliability is the pack of rules about outliving a loss: of a pod, a machine, a
// zone, a region, or of data by mistake. Its program is policy/reliability.
var Reliability = rule.Pack{
	Name:        "tandem-reliability",
	Version:     Version,
	Description: "Redundancy, deletion protection, backups, health checks, disruptions, standby parity and static stability",
	Rules: slices.Concat(
		redundancy.Rules(), protection.Rules(), backup.Rules(), health.Rules(), disruption.Rules(), parity.Rules(), staticstability.Rules(),
	),
}

// Cost is the pack of rules about what resources cost and who pays. Its program
// is policy/cost.
var Cost = rule.Pack{
	Name:        "tandem-cost",
	Version:     Version,
	Description: "Tags, retention, sizes and what is paid for without use",
	Rules:       slices.Concat(tagging.Rules(), spending.Rules()),
}

// All are all packs, with each rule in one of them.
var All = []rule.Pack{Security, Reliability, Cost}

// Whole is a pack of the rules of all packs: one program for the engine to start
// and to ask about each resource, instead of three. Its program is policy/all.
var Whole = rule.Pack{
	Name:        "tandem",
	Version:     Version,
	Description: "All rules about security, reliability and cost",
	Rules:       slices.Concat(Security.Rules, Reliability.Rules, Cost.Rules),
}
