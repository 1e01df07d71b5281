package kubernetes

import (
	"github.com/tandem-platform/tandem/policy/rule"
	"github.com/tandem-platform/tandem/policy/rules/internal/pods"
)

var _ = rules.Add(pods.OnPod(rule.Rule{
	ID:          "pod-no-host-pid",
	Title:       "Pods do not share the processes of their node.",
	Severity:    rule.High,
	Description: "A pod that sees the processes of the node sees those of every other pod, with their environment.",
	Remedy:      "leave hostPID out",
	Check:       pods.That("hostPID", rule.IsNotTrue),
}, rule.Properties{"hostPID": false}, "hostPID", true))
