package disruption

import (
	"github.com/tandem-platform/tandem/policy/rule"
	"github.com/tandem-platform/tandem/policy/rules/internal/pods"
)

var _ = rules.Add(pods.OnContainer(rule.Rule{
	ID:          "pod-liveness-probe",
	Title:       "Containers that serve are restarted when they hang.",
	Severity:    rule.Low,
	Description: "A program that hangs stays so until somebody looks.",
	Remedy:      "set livenessProbe",
	Types:       []string{"kubernetes:apps/v1:Deployment", "kubernetes:apps/v1:StatefulSet"},
	Check:       pods.Serving("livenessProbe", rule.IsSet),
}, rule.Properties{
	"livenessProbe": map[string]any{"httpGet": map[string]any{"path": "/livez", "port": 8080.0}},
}, "livenessProbe", rule.Missing))
