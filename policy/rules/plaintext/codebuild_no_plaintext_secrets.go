package plaintext

import (
	"github.com/tandem-platform/tandem/policy/rule"
	"github.com/tandem-platform/tandem/policy/rules/internal/secrets"
)

func buildSecrets(r rule.Resource) []rule.Finding {
	var findings []rule.Finding
	for _, variable := range r.Each("environment.environmentVariables.*") {
		name, _ := variable.At("name").Text()
		if secrets.Name(name) {
			findings = append(findings, variable.Must("type", rule.IsOneOf("SECRETS_MANAGER", "PARAMETER_STORE"))...)
		}
	}
	return findings
}

var _ = rules.Add(rule.Rule{
	ID:          "codebuild-no-plaintext-secrets",
	Title:       "Environments of CodeBuild projects hold no secrets.",
	Severity:    rule.High,
	Description: "Whoever may look at the project reads them, and every build prints them if asked to.",
	Remedy:      "set the type of the variable to SECRETS_MANAGER",
	Check:       buildSecrets,
}.On("aws:codebuild/project:Project", rule.Properties{
	"serviceRole": "arn:aws:iam::123456789012:role/build",
	"environment": map[string]any{"computeType": "BUILD_GENERAL1_SMALL", "image": "aws/codebuild/standard:7.0", "type": "LINUX_CONTAINER", "environmentVariables": []any{map[string]any{"name": "DATABASE_PASSWORD", "type": "SECRETS_MANAGER", "value": "web/database"}}},
}, "environment.environmentVariables.0.type", "PLAINTEXT", rule.Missing))
