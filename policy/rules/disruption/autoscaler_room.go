package disruption

import "github.com/tandem-platform/tandem/policy/rule"

func room(r rule.Resource) []rule.Finding {
	least, ok := r.At("spec", "minReplicas").Number()
	most := r.At("spec", "maxReplicas")
	n, known := most.Number()
	if !ok || !known || n > least {
		return nil
	}
	return []rule.Finding{most.Finding("")}
}

var _ = rules.Add(rule.Rule{
	ID:          "autoscaler-room",
	Title:       "Pod autoscalers have room to scale.",
	Severity:    rule.Low,
	Description: "An autoscaler whose least and most are the same is none.",
	Remedy:      "set spec.maxReplicas above spec.minReplicas",
	Check:       room,
}.On("kubernetes:autoscaling/v2:HorizontalPodAutoscaler", rule.Properties{
	"spec": map[string]any{"minReplicas": 2.0, "maxReplicas": 10.0, "scaleTargetRef": map[string]any{"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"}, "metrics": []any{map[string]any{"type": "Resource", "resource": map[string]any{"name": "cpu", "target": map[string]any{"type": "Utilization", "averageUtilization": 60.0}}}}},
}, "spec.maxReplicas", 2.0))
