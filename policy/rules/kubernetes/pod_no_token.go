package kubernetes

import (
	"github.com/tandem-platform/tandem/policy/rule"
	"github.com/tandem-platform/tandem/policy/rules/internal/pods"
)

var _ = rules.Add(pods.OnPod(rule.Rule{
	ID:          "pod-no-token",
	Title:       "Pods get no token of the cluster unless they ask for one.",
	Severity:    rule.Medium,
	Description: "A token in every pod is one for every intruder. Few programs talk to the API.",
	Remedy:      "set automountServiceAccountToken to false",
	Check:       pods.That("automountServiceAccountToken", rule.IsOneOf("false")),
}, rule.Properties{"automountServiceAccountToken": false}, "automountServiceAccountToken", true, rule.Missing))
