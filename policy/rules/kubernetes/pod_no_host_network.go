package kubernetes

import (
	"github.com/tandem-platform/tandem/policy/rule"
	"github.com/tandem-platform/tandem/policy/rules/internal/pods"
)

var _ = rules.Add(pods.OnPod(rule.Rule{
	ID:          "pod-no-host-network",
	Title:       "Pods do not share the network of their node.",
	Severity:    rule.High,
	Description: "On the node's network no network policy holds, and what listens on its loopback is reached.",
	Remedy:      "leave hostNetwork out",
	Check:       pods.That("hostNetwork", rule.IsNotTrue),
}, rule.Properties{"hostNetwork": false}, "hostNetwork", true))
