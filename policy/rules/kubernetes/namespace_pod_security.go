package kubernetes

import "github.com/tandem-platform/tandem/policy/rule"

func podSecurity(r rule.Resource) []rule.Finding {
	return r.At("metadata", "labels", "pod-security.kubernetes.io/enforce").Must("", rule.IsOneOf("restricted", "baseline"))
}

var _ = rules.Add(rule.Rule{
	ID:       "namespace-pod-security",
	Title:    "Namespaces enforce a Pod Security Standard.",
	Severity: rule.High,
	Description: "Otherwise whoever may make a pod there may make a privileged one. Namespaces of the system need an " +
		"exception.",
	Remedy: "set the label pod-security.kubernetes.io/enforce to restricted or baseline",
	Check:  podSecurity,
}.On("kubernetes:core/v1:Namespace", rule.Properties{
	"metadata": map[string]any{"name": "web", "labels": map[string]any{"pod-security.kubernetes.io/enforce": "restricted"}},
}, "metadata.labels", map[string]any{"pod-security.kubernetes.io/enforce": "privileged"}, rule.Missing, map[string]any{}))
