package encryption

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "api-gateway-cache-encrypted",
	Title:       "Caches of API Gateway are encrypted.",
	Severity:    rule.Medium,
	Description: "A cache holds the answers that were given to authorised callers.",
	Remedy:      "set settings.cacheDataEncrypted to true",
	Check:       rule.When("settings.cachingEnabled", rule.IsTrue, rule.That("settings.cacheDataEncrypted", rule.IsTrue)),
	Fix:         []rule.Fix{{Property: "settings.cacheDataEncrypted", Value: true}},
}.
	On("aws:apigateway/methodSettings:MethodSettings", rule.Properties{
		"methodPath": "*/*",
		"stageName":  "live",
		"settings":   map[string]any{"cachingEnabled": true, "cacheDataEncrypted": true},
	}, "settings.cacheDataEncrypted", false, rule.Missing).
	Accepts(rule.Properties{
		"methodPath": "*/*",
		"stageName":  "live",
		"settings":   map[string]any{"metricsEnabled": true},
	}))
