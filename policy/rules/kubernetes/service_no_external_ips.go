package kubernetes

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "service-no-external-ips",
	Title:       "Services take no addresses from outside.",
	Severity:    rule.High,
	Description: "A service with an external address catches the traffic of every pod to it (CVE-2020-8554).",
	Remedy:      "leave spec.externalIPs out",
	Check:       rule.That("spec.externalIPs", rule.IsNotSet),
	Fix:         []rule.Fix{{Property: "spec.externalIPs", Value: []any{}}},
}.On("kubernetes:core/v1:Service", rule.Properties{
	"spec": map[string]any{"type": "ClusterIP", "ports": []any{map[string]any{"port": 80.0}}, "externalIPs": []any{}},
}, "spec.externalIPs", []any{"203.0.113.9"}))
