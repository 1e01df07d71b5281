package health

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "dns-alias-evaluates-health",
	Title:       "Aliases that fail over look at the health of their target.",
	Severity:    rule.Medium,
	Description: "An alias that does not is healthy for ever, so it never fails over.",
	Remedy:      "set evaluateTargetHealth to true, or healthCheckId",
	Check:       rule.When("failoverRoutingPolicies", rule.IsSet, rule.When("healthCheckId", rule.IsNotSet, rule.That("aliases.*.evaluateTargetHealth", rule.IsTrue))),
}.
	On("aws:route53/record:Record", rule.Properties{
		"zoneId":                  "Z1",
		"name":                    "tandem.example",
		"type":                    "A",
		"setIdentifier":           "home",
		"failoverRoutingPolicies": []any{map[string]any{"type": "PRIMARY"}},
		"aliases":                 []any{map[string]any{"name": "lb", "zoneId": "Z2", "evaluateTargetHealth": true}},
	}, "aliases.0.evaluateTargetHealth", false).
	Accepts(rule.Properties{
		"zoneId":                  "Z1",
		"name":                    "tandem.example",
		"type":                    "A",
		"setIdentifier":           "home",
		"failoverRoutingPolicies": []any{map[string]any{"type": "PRIMARY"}},
		"healthCheckId":           "1",
		"aliases":                 []any{map[string]any{"name": "lb", "zoneId": "Z2", "evaluateTargetHealth": false}},
	}))
