package plaintext

import (
	"github.com/tandem-platform/tandem/policy/rule"
	"github.com/tandem-platform/tandem/policy/rules/internal/secrets"
)

var _ = rules.Add(rule.Rule{
	ID:       "config-map-no-plaintext-secrets",
	Title:    "Config maps hold no secrets.",
	Severity: rule.High,
	Description: "A config map is readable by whoever may look at the namespace, and is not encrypted with the cluster's " +
		"key.",
	Remedy: "use a Secret",
	Check:  secrets.None("data"),
}.
	On("kubernetes:core/v1:ConfigMap", rule.Properties{
		"metadata": map[string]any{"name": "web", "namespace": "web"},
		"data":     map[string]any{"LOG_LEVEL": "info"},
	}, "data.LOG_LEVEL", "-----BEGIN EC PRIVATE KEY-----\n").
	On("kubernetes:core/v1:ConfigMap", rule.Properties{
		"metadata": map[string]any{"name": "web", "namespace": "web"},
		"data":     map[string]any{"LOG_LEVEL": "info"},
	}, "data.DATABASE_PASSWORD", "correct-horse"))
