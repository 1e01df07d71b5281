package kubernetes

import (
	"github.com/tandem-platform/tandem/policy/rule"
	"github.com/tandem-platform/tandem/policy/rules/internal/pods"
)

var _ = rules.Add(rule.Rule{
	ID:          "pod-not-in-default-namespace",
	Title:       "Objects with pods are in a namespace of their own.",
	Severity:    rule.Low,
	Description: "Quotas, network policies and rights are by namespace. What is in default shares them with everything.",
	Remedy:      "set metadata.namespace",
	Check:       rule.That("metadata.namespace", rule.IsNoneOf("", "default")),
	Types:       pods.Types,
}.On("kubernetes:apps/v1:Deployment", rule.Properties{"metadata": map[string]any{"namespace": "web"}}, "metadata.namespace", "default", rule.Missing))
