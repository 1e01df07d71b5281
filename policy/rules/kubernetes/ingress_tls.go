package kubernetes

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "ingress-tls",
	Title:       "Ingresses have a certificate.",
	Severity:    rule.High,
	Description: "Without one, requests pass in the clear.",
	Remedy:      "set spec.tls",
	Check:       rule.That("spec.tls", rule.IsSet),
}.On("kubernetes:networking.k8s.io/v1:Ingress", rule.Properties{
	"spec": map[string]any{"tls": []any{map[string]any{"hosts": []any{"tandem.example"}, "secretName": "web"}}, "rules": []any{map[string]any{"host": "tandem.example"}}},
}, "spec.tls", rule.Missing, []any{}))
