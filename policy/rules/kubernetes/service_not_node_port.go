package kubernetes

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "service-not-node-port",
	Title:       "Services take no port of the nodes.",
	Severity:    rule.Medium,
	Description: "A port of every node goes around the load balancer, and its rules and logs.",
	Remedy:      "use ClusterIP, and a load balancer in front",
	Check:       rule.That("spec.type", rule.IsNoneOf("NodePort")),
}.On("kubernetes:core/v1:Service", rule.Properties{
	"spec": map[string]any{"type": "ClusterIP", "ports": []any{map[string]any{"port": 80.0}}},
}, "spec.type", "NodePort"))
