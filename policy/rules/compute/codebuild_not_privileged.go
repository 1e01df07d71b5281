package compute

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "codebuild-not-privileged",
	Title:       "Builds of CodeBuild do not run privileged.",
	Severity:    rule.Medium,
	Description: "A privileged build may do to its host what it likes. Only building images with Docker needs it.",
	Remedy:      "leave environment.privilegedMode out",
	Check:       rule.That("environment.privilegedMode", rule.IsNotTrue),
}.On("aws:codebuild/project:Project", rule.Properties{
	"serviceRole": "arn:aws:iam::123456789012:role/build",
	"environment": map[string]any{"computeType": "BUILD_GENERAL1_SMALL", "image": "aws/codebuild/standard:7.0", "type": "LINUX_CONTAINER", "privilegedMode": false},
}, "environment.privilegedMode", true))
