package kubernetes

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "service-account-no-token",
	Title:       "Service accounts mount no token by themselves.",
	Severity:    rule.Low,
	Description: "A token in every pod is one for every intruder. Few programs talk to the API.",
	Remedy:      "set automountServiceAccountToken to false",
	Check:       rule.That("automountServiceAccountToken", rule.IsOneOf("false")),
	Fix:         []rule.Fix{{Property: "automountServiceAccountToken", Value: false}},
}.On("kubernetes:core/v1:ServiceAccount", rule.Properties{
	"metadata":                     map[string]any{"name": "web", "namespace": "web"},
	"automountServiceAccountToken": false,
}, "automountServiceAccountToken", true, rule.Missing))
