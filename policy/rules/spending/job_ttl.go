package spending

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "job-ttl",
	Title:       "Kubernetes jobs are cleaned up.",
	Severity:    rule.Low,
	Description: "Jobs that ended stay in the cluster for ever, with their pods.",
	Remedy:      "set spec.ttlSecondsAfterFinished",
	Check:       rule.That("spec.ttlSecondsAfterFinished", rule.IsSet),
}.On("kubernetes:batch/v1:Job", rule.Properties{"spec": map[string]any{"ttlSecondsAfterFinished": 3600.0}}, "spec.ttlSecondsAfterFinished", rule.Missing))
