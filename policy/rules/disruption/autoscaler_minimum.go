package disruption

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "autoscaler-minimum",
	Title:       "Pod autoscalers keep two pods or more.",
	Severity:    rule.Medium,
	Description: "Scaled down to one, a service is down with a node. The default is 1.",
	Remedy:      "set spec.minReplicas to 2 or more",
	Check:       rule.That("spec.minReplicas", rule.IsAtLeast(2)),
}.On("kubernetes:autoscaling/v2:HorizontalPodAutoscaler", rule.Properties{
	"spec": map[string]any{"minReplicas": 2.0, "maxReplicas": 10.0, "scaleTargetRef": map[string]any{"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"}, "metrics": []any{map[string]any{"type": "Resource", "resource": map[string]any{"name": "cpu", "target": map[string]any{"type": "Utilization", "averageUtilization": 60.0}}}}},
}, "spec.minReplicas", 1.0, rule.Missing))
