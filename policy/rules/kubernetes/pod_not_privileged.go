package kubernetes

import (
	"github.com/tandem-platform/tandem/policy/rule"
	"github.com/tandem-platform/tandem/policy/rules/internal/pods"
)

var _ = rules.Add(pods.OnContainer(rule.Rule{
	ID:          "pod-not-privileged",
	Title:       "No container is privileged.",
	Severity:    rule.Critical,
	Description: "A privileged container may do to its node what it likes, and so may whoever breaks into it.",
	Remedy:      "leave securityContext.privileged out",
	Check:       pods.Containers("securityContext.privileged", rule.IsNotTrue),
}, rule.Properties{"securityContext": map[string]any{"privileged": false}}, "securityContext.privileged", true))
