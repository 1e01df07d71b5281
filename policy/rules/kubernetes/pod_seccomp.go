package kubernetes

import (
	"github.com/tandem-platform/tandem/policy/rule"
	"github.com/tandem-platform/tandem/policy/rules/internal/pods"
)

func seccomp(profile rule.Value) bool {
	kind := profile.At("type")
	return kind.Unknown() || rule.IsOneOf("RuntimeDefault", "Localhost")(kind)
}

var _ = rules.Add(pods.OnContainer(rule.Rule{
	ID:       "pod-seccomp",
	Title:    "Containers run with a seccomp profile.",
	Severity: rule.Medium,
	Description: "The profile of the runtime refuses the system calls that only break-ins use. Kubernetes applies none by " +
		"default.",
	Remedy: "set securityContext.seccompProfile.type to RuntimeDefault",
	Check:  pods.Inherited("seccompProfile", seccomp),
}, rule.Properties{
	"securityContext": map[string]any{"seccompProfile": map[string]any{"type": "RuntimeDefault"}},
}, "securityContext.seccompProfile.type", "Unconfined"))
