package disruption

import (
	"github.com/tandem-platform/tandem/policy/rule"
	"github.com/tandem-platform/tandem/policy/rules/internal/pods"
)

var _ = rules.Add(pods.OnPod(rule.Rule{
	ID:          "pod-spread-over-zones",
	Title:       "Pods spread over zones.",
	Severity:    rule.Medium,
	Description: "All pods of a deployment may be in one zone, or on one node, and go with it.",
	Remedy:      "set topologySpreadConstraints over topology.kubernetes.io/zone",
	Types:       []string{"kubernetes:apps/v1:Deployment", "kubernetes:apps/v1:StatefulSet"},
	Check: func(r rule.Resource) []rule.Finding {
		spec := pods.Spec(r)
		if affinity := spec.At("affinity", "podAntiAffinity"); !affinity.Missing() {
			return nil
		}
		return spec.Must("topologySpreadConstraints", rule.IsSet)
	},
}, rule.Properties{
	"topologySpreadConstraints": []any{map[string]any{"maxSkew": 1.0, "topologyKey": "topology.kubernetes.io/zone", "whenUnsatisfiable": "ScheduleAnyway", "labelSelector": map[string]any{"matchLabels": map[string]any{"app": "web"}}}},
}, "topologySpreadConstraints", rule.Missing, []any{}))
