package disruption

import (
	"github.com/tandem-platform/tandem/policy/rule"
	"github.com/tandem-platform/tandem/policy/rules/internal/pods"
)

var _ = rules.Add(pods.OnContainer(rule.Rule{
	ID:          "pod-readiness-probe",
	Title:       "Containers that serve say when they are ready.",
	Severity:    rule.Medium,
	Description: "Without a readiness probe a pod gets requests before it can answer, with every update.",
	Remedy:      "set readinessProbe",
	Types:       []string{"kubernetes:apps/v1:Deployment", "kubernetes:apps/v1:StatefulSet"},
	Check:       pods.Serving("readinessProbe", rule.IsSet),
}, rule.Properties{
	"readinessProbe": map[string]any{"httpGet": map[string]any{"path": "/healthz", "port": 8080.0}},
}, "readinessProbe", rule.Missing))
