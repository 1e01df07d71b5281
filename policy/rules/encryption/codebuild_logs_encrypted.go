package encryption

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "codebuild-logs-encrypted",
	Title:       "CodeBuild encrypts its logs in S3.",
	Severity:    rule.Medium,
	Description: "The log of a build has what its commands print, and now and then a credential.",
	Remedy:      "leave logsConfig.s3Logs.encryptionDisabled out",
	Check:       rule.That("logsConfig.s3Logs.encryptionDisabled", rule.IsNotTrue),
	Fix:         []rule.Fix{{Property: "logsConfig.s3Logs.encryptionDisabled", Value: false}},
}.On("aws:codebuild/project:Project", rule.Properties{
	"serviceRole": "arn:aws:iam::123456789012:role/build",
	"logsConfig":  map[string]any{"s3Logs": map[string]any{"status": "ENABLED", "location": "logs/builds", "encryptionDisabled": false}},
}, "logsConfig.s3Logs.encryptionDisabled", true))
