package kubernetes

import (
	"github.com/tandem-platform/tandem/policy/rule"
	"github.com/tandem-platform/tandem/policy/rules/internal/pods"
)

var _ = rules.Add(pods.OnContainer(rule.Rule{
	ID:          "pod-runs-as-non-root",
	Title:       "No container may run as root.",
	Severity:    rule.High,
	Description: "Root in a container is root on the node for every flaw of the kernel or of a mount.",
	Remedy:      "set securityContext.runAsNonRoot to true, on the pod or the container",
	Check:       pods.Inherited("runAsNonRoot", rule.IsTrue),
}, rule.Properties{"securityContext": map[string]any{"runAsNonRoot": true}}, "securityContext.runAsNonRoot", false, rule.Missing))
