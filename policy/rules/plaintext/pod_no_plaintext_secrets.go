package plaintext

import (
	"github.com/tandem-platform/tandem/policy/rule"
	"github.com/tandem-platform/tandem/policy/rules/internal/pods"
	"github.com/tandem-platform/tandem/policy/rules/internal/secrets"
)

func containerSecrets(r rule.Resource) []rule.Finding {
	spec := pods.Spec(r)
	var findings []rule.Finding
	for _, path := range []string{"initContainers.*.env.*", "containers.*.env.*"} {
		for _, variable := range spec.Each(path) {
			value := variable.At("value")
			name, _ := variable.At("name").Text()
			if text, ok := value.Text(); ok && text != "" && (secrets.Name(name) || secrets.In(text)) {
				findings = append(findings, secrets.Finding(value))
			}
		}
	}
	return findings
}

var _ = rules.Add(pods.OnContainer(rule.Rule{
	ID:          "pod-no-plaintext-secrets",
	Title:       "Environments of containers hold no secrets.",
	Severity:    rule.High,
	Description: "Whoever may look at the pod reads its environment.",
	Remedy:      "use valueFrom.secretKeyRef, or mount a secret",
	Check:       containerSecrets,
}, rule.Properties{"env": []any{map[string]any{"name": "DATABASE_HOST", "value": "db"}}}, "env.0.value", "AKIAIOSFODNN7EXAMPLE", "-----BEGIN PRIVATE KEY-----"))
