package kubernetes

import (
	"github.com/tandem-platform/tandem/policy/rule"
	"github.com/tandem-platform/tandem/policy/rules/internal/pods"
)

var _ = rules.Add(pods.OnContainer(rule.Rule{
	ID:          "pod-drops-capabilities",
	Title:       "Containers drop all capabilities.",
	Severity:    rule.Medium,
	Description: "A container starts with fourteen capabilities of root, of which a web server needs none.",
	Remedy:      `set securityContext.capabilities.drop to ["ALL"]`,
	Check:       pods.Containers("securityContext.capabilities.drop", rule.HasAll("ALL")),
}, rule.Properties{
	"securityContext": map[string]any{"capabilities": map[string]any{"drop": []any{"ALL"}}},
}, "securityContext.capabilities.drop", []any{"NET_RAW"}, []any{}))
