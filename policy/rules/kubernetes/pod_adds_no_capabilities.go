package kubernetes

import (
	"github.com/tandem-platform/tandem/policy/rule"
	"github.com/tandem-platform/tandem/policy/rules/internal/pods"
)

func onlyBindService(added rule.Value) bool {
	for _, capability := range added.List() {
		if name, known := capability.Text(); known && name != "NET_BIND_SERVICE" {
			return false
		}
	}
	return true
}

var _ = rules.Add(pods.OnContainer(rule.Rule{
	ID:          "pod-adds-no-capabilities",
	Title:       "Containers add no capability but to bind low ports.",
	Severity:    rule.High,
	Description: "Most capabilities lead to the node: SYS_ADMIN, NET_ADMIN, SYS_PTRACE.",
	Remedy:      "leave securityContext.capabilities.add out",
	Check:       pods.Containers("securityContext.capabilities.add", onlyBindService),
}, rule.Properties{
	"securityContext": map[string]any{"capabilities": map[string]any{"add": []any{"NET_BIND_SERVICE"}}},
}, "securityContext.capabilities.add", []any{"SYS_ADMIN"}, []any{"NET_BIND_SERVICE", "NET_RAW"}))
