package exposure

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "codebuild-project-private",
	Title:       "CodeBuild projects are private.",
	Severity:    rule.Critical,
	Description: "A public project shows its logs and artifacts to everyone.",
	Remedy:      "leave projectVisibility out",
	Check:       rule.That("projectVisibility", rule.IsNoneOf("PUBLIC_READ")),
	Fix:         []rule.Fix{{Property: "projectVisibility", Value: "PRIVATE"}},
}.On("aws:codebuild/project:Project", rule.Properties{
	"serviceRole":       "arn:aws:iam::123456789012:role/build",
	"projectVisibility": "PRIVATE",
}, "projectVisibility", "PUBLIC_READ"))
