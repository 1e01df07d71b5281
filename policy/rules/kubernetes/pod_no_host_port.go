package kubernetes

import (
	"github.com/tandem-platform/tandem/policy/rule"
	"github.com/tandem-platform/tandem/policy/rules/internal/pods"
)

var _ = rules.Add(pods.OnContainer(rule.Rule{
	ID:          "pod-no-host-port",
	Title:       "Containers take no port of their node.",
	Severity:    rule.Medium,
	Description: "A port of the node goes around services and network policies, and lets one pod run on each node.",
	Remedy:      "leave hostPort out and make a service",
	Check:       pods.Containers("ports.*.hostPort", rule.IsNotSet),
}, rule.Properties{"ports": []any{map[string]any{"containerPort": 8080.0}}}, "ports.0.hostPort", 8080.0))
