package kubernetes

import (
	"github.com/tandem-platform/tandem/policy/rule"
	"github.com/tandem-platform/tandem/policy/rules/internal/pods"
)

var _ = rules.Add(pods.OnPod(rule.Rule{
	ID:          "pod-no-host-path",
	Title:       "Pods mount no directories of their node.",
	Severity:    rule.High,
	Description: "A directory of the node is that of every pod there, of the kubelet and of the runtime.",
	Remedy:      "use an emptyDir, a claim or a configMap",
	Check:       pods.That("volumes.*.hostPath", rule.IsNotSet),
}, rule.Properties{"volumes": []any{map[string]any{"name": "files"}}}, "volumes.0.hostPath", map[string]any{"path": "/var/run"}))
