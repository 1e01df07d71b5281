package kubernetes

import (
	"github.com/tandem-platform/tandem/policy/rule"
	"github.com/tandem-platform/tandem/policy/rules/internal/pods"
)

var _ = rules.Add(pods.OnPod(rule.Rule{
	ID:          "pod-service-account",
	Title:       "Pods have a service account of their own.",
	Severity:    rule.Medium,
	Description: "What is granted to the default account is granted to every pod of the namespace.",
	Remedy:      "set serviceAccountName",
	Check:       pods.That("serviceAccountName", rule.IsNoneOf("", "default")),
}, rule.Properties{"serviceAccountName": "web"}, "serviceAccountName", "default", rule.Missing))
