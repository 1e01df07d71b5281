package kubernetes

import (
	"github.com/tandem-platform/tandem/policy/rule"
	"github.com/tandem-platform/tandem/policy/rules/internal/pods"
)

var _ = rules.Add(pods.OnPod(rule.Rule{
	ID:          "pod-no-host-ipc",
	Title:       "Pods do not share memory with their node.",
	Severity:    rule.High,
	Description: "Shared memory goes around every other boundary between pods.",
	Remedy:      "leave hostIPC out",
	Check:       pods.That("hostIPC", rule.IsNotTrue),
}, rule.Properties{"hostIPC": false}, "hostIPC", true))
