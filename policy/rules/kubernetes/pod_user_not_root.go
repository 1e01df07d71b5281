package kubernetes

import (
	"github.com/tandem-platform/tandem/policy/rule"
	"github.com/tandem-platform/tandem/policy/rules/internal/pods"
)

var _ = rules.Add(pods.OnContainer(rule.Rule{
	ID:          "pod-user-not-root",
	Title:       "No container names root as its user.",
	Severity:    rule.High,
	Description: "Root in a container is root on the node for every flaw of the kernel or of a mount.",
	Remedy:      "set securityContext.runAsUser to another user",
	Check:       pods.Inherited("runAsUser", rule.IsNoneOf("0")),
}, rule.Properties{"securityContext": map[string]any{"runAsUser": 10001.0}}, "securityContext.runAsUser", 0.0))
