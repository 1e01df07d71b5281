package disruption

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "cron-job-concurrency",
	Title:       "Cron jobs do not overtake themselves.",
	Severity:    rule.Low,
	Description: "A run that hangs is joined by the next, and the next, until the cluster is full.",
	Remedy:      "set spec.concurrencyPolicy to Forbid",
	Check:       rule.That("spec.concurrencyPolicy", rule.IsOneOf("Forbid", "Replace")),
}.On("kubernetes:batch/v1:CronJob", rule.Properties{"spec": map[string]any{"schedule": "0 3 * * *", "concurrencyPolicy": "Forbid"}}, "spec.concurrencyPolicy", "Allow", rule.Missing))
