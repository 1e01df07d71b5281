package kubernetes

import (
	"github.com/tandem-platform/tandem/policy/rule"
	"github.com/tandem-platform/tandem/policy/rules/internal/pods"
)

var _ = rules.Add(pods.OnContainer(rule.Rule{
	ID:          "pod-proc-mount",
	Title:       "Containers see the usual /proc.",
	Severity:    rule.Medium,
	Description: "Unmasked, /proc shows and changes the kernel of the node.",
	Remedy:      "leave securityContext.procMount out",
	Check:       pods.Containers("securityContext.procMount", rule.IsOneOf("", "Default")),
}, rule.Properties{"securityContext": map[string]any{"procMount": "Default"}}, "securityContext.procMount", "Unmasked"))
