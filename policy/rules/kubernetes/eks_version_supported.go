package kubernetes

import "github.com/tandem-platform/tandem/policy/rule"

// endedVersions are out of standard support (EKS user guide, Kubernetes release
// calendar).
var endedVersions = []string{
	"1.19", "1.20", "1.21", "1.22", "1.23", "1.24", "1.25", "1.26", "1.27", "1.28", "1.29", "1.30", "1.31", "1.32",
}

var _ = rules.Add(rule.Rule{
	ID:       "eks-version-supported",
	Title:    "EKS clusters run a version with standard support.",
	Severity: rule.High,
	Description: "An older version gets no fixes, costs six times as much, and is upgraded by AWS on a day of its own " +
		"choice.",
	Remedy: "set version to a supported one",
	Check:  rule.That("version", rule.IsNoneOf(endedVersions...)),
}.On("aws:eks/cluster:Cluster", rule.Properties{"roleArn": "arn:aws:iam::123456789012:role/cluster", "version": "1.34"}, "version", "1.28", "1.23"))
