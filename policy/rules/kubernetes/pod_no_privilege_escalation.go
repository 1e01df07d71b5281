package kubernetes

import (
	"github.com/tandem-platform/tandem/policy/rule"
	"github.com/tandem-platform/tandem/policy/rules/internal/pods"
)

var _ = rules.Add(pods.OnContainer(rule.Rule{
	ID:       "pod-no-privilege-escalation",
	Title:    "No container can gain privileges.",
	Severity: rule.High,
	Description: "Without it a program of the image with the set-user-id bit makes whoever runs it root. The default " +
		"allows it.",
	Remedy: "set securityContext.allowPrivilegeEscalation to false",
	Check:  pods.Containers("securityContext.allowPrivilegeEscalation", rule.IsOneOf("false")),
}, rule.Properties{"securityContext": map[string]any{"allowPrivilegeEscalation": false}}, "securityContext.allowPrivilegeEscalation", true, rule.Missing))
