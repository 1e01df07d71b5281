package kubernetes

import (
	"github.com/tandem-platform/tandem/policy/rule"
	"github.com/tandem-platform/tandem/policy/rules/internal/pods"
)

var _ = rules.Add(pods.OnPod(rule.Rule{
	ID:          "pod-no-shared-process-namespace",
	Title:       "Containers of a pod do not share processes.",
	Severity:    rule.Low,
	Description: "Sharing, each container reads the memory and the files of the others.",
	Remedy:      "leave shareProcessNamespace out",
	Check:       pods.That("shareProcessNamespace", rule.IsNotTrue),
}, rule.Properties{"shareProcessNamespace": false}, "shareProcessNamespace", true))
