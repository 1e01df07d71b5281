package spending

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "cron-job-history",
	Title:       "Cron jobs keep few runs.",
	Severity:    rule.Low,
	Description: "Every run that is kept is a job and its pods. The default is three.",
	Remedy:      "leave spec.successfulJobsHistoryLimit out",
	Check:       rule.That("spec.successfulJobsHistoryLimit?", rule.IsAtMost(10)),
}.On("kubernetes:batch/v1:CronJob", rule.Properties{"spec": map[string]any{"schedule": "0 3 * * *", "successfulJobsHistoryLimit": 3.0}}, "spec.successfulJobsHistoryLimit", 100.0))
