package spending

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "codebuild-timeout",
	Title:       "Builds of CodeBuild end.",
	Severity:    rule.Low,
	Description: "A build that hangs is paid for by the minute. The default is an hour.",
	Remedy:      "set buildTimeout to 120 or less",
	Check:       rule.That("buildTimeout?", rule.IsAtMost(120)),
}.On("aws:codebuild/project:Project", rule.Properties{"serviceRole": "arn:aws:iam::123456789012:role/build", "buildTimeout": 30.0}, "buildTimeout", 480.0))
