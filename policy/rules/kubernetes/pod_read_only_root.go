package kubernetes

import (
	"github.com/tandem-platform/tandem/policy/rule"
	"github.com/tandem-platform/tandem/policy/rules/internal/pods"
)

var _ = rules.Add(pods.OnContainer(rule.Rule{
	ID:          "pod-read-only-root",
	Title:       "Containers cannot write to their root file system.",
	Severity:    rule.Medium,
	Description: "What cannot be written cannot be replaced by an intruder. Give temporary files a volume.",
	Remedy:      "set securityContext.readOnlyRootFilesystem to true",
	Check:       pods.Containers("securityContext.readOnlyRootFilesystem", rule.IsTrue),
}, rule.Properties{"securityContext": map[string]any{"readOnlyRootFilesystem": true}}, "securityContext.readOnlyRootFilesystem", false, rule.Missing))
