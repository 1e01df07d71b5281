package disruption

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "autoscaler-metrics",
	Title:       "Pod autoscalers have something to go by.",
	Severity:    rule.Low,
	Description: "Without metrics the autoscaler takes 80 % of the processor, which is late for what waits on others.",
	Remedy:      "set spec.metrics",
	Check:       rule.That("spec.metrics", rule.IsSet),
}.On("kubernetes:autoscaling/v2:HorizontalPodAutoscaler", rule.Properties{
	"spec": map[string]any{"minReplicas": 2.0, "maxReplicas": 10.0, "scaleTargetRef": map[string]any{"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"}, "metrics": []any{map[string]any{"type": "Resource", "resource": map[string]any{"name": "cpu", "target": map[string]any{"type": "Utilization", "averageUtilization": 60.0}}}}},
}, "spec.metrics", rule.Missing, []any{}))
