package parity

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:       "replica-key-policy",
	Title:    "Replicas of KMS keys have a policy.",
	Severity: rule.Medium,
	Description: "A replica shares the key's material, not its policy. Without one it has the default policy: the services that " +
		"may use the key at home may not use it in the standby.",
	Remedy: "set policy to what the key's policy says, for the services of the replica's region",
	Check:  rule.That("policy", rule.IsSet),
}.Shown(replicaKey, rule.Example{multiRegionKey, replicaOfKey}, "policy", rule.Missing))
