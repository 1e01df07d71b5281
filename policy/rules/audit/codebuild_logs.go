package audit

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "codebuild-logs",
	Title:       "CodeBuild logs its builds.",
	Severity:    rule.Medium,
	Description: "Without its log nobody can say what a build did.",
	Remedy:      "leave logsConfig.cloudwatchLogs.status out",
	Check:       rule.That("logsConfig.cloudwatchLogs.status", rule.IsNoneOf("DISABLED")),
	Fix:         []rule.Fix{{Property: "logsConfig.cloudwatchLogs.status", Value: "ENABLED"}},
}.On("aws:codebuild/project:Project", rule.Properties{
	"serviceRole": "arn:aws:iam::123456789012:role/build",
	"logsConfig":  map[string]any{"cloudwatchLogs": map[string]any{"status": "ENABLED"}},
}, "logsConfig.cloudwatchLogs.status", "DISABLED"))
