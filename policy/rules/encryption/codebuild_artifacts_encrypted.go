package encryption

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "codebuild-artifacts-encrypted",
	Title:       "CodeBuild encrypts its artifacts.",
	Severity:    rule.Medium,
	Description: "What a build leaves is what runs next, and whoever can read it has the program.",
	Remedy:      "leave artifacts.encryptionDisabled out",
	Check:       rule.That("artifacts.encryptionDisabled", rule.IsNotTrue),
	Fix:         []rule.Fix{{Property: "artifacts.encryptionDisabled", Value: false}},
}.On("aws:codebuild/project:Project", rule.Properties{
	"serviceRole": "arn:aws:iam::123456789012:role/build",
	"artifacts":   map[string]any{"type": "S3", "location": "builds", "encryptionDisabled": false},
}, "artifacts.encryptionDisabled", true))
