package compute

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:       "ecr-immutable-tags",
	Title:    "Tags of ECR repositories do not move.",
	Severity: rule.Medium,
	Description: "A tag that moves lets what runs today differ from what ran in the test, and from what runs in the other " +
		"region.",
	Remedy: "set imageTagMutability to IMMUTABLE",
	Check:  rule.That("imageTagMutability", rule.IsOneOf("IMMUTABLE", "IMMUTABLE_WITH_EXCLUSION")),
}.On("aws:ecr/repository:Repository", rule.Properties{"name": "web", "imageTagMutability": "IMMUTABLE"}, "imageTagMutability", "MUTABLE", rule.Missing))
