package health

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "dns-record-short-ttl",
	Title:       "DNS records that fail over are remembered for a minute at most.",
	Severity:    rule.Low,
	Description: "Until it ends, clients go on asking the region that is lost.",
	Remedy:      "set ttl to 60 or less",
	Check:       rule.When("failoverRoutingPolicies", rule.IsSet, rule.That("ttl?", rule.IsAtMost(60))),
	Fix:         []rule.Fix{{Property: "ttl", Value: 60.0}},
}.
	On("aws:route53/record:Record", rule.Properties{
		"zoneId":                  "Z1",
		"name":                    "tandem.example",
		"type":                    "A",
		"records":                 []any{"203.0.113.9"},
		"setIdentifier":           "home",
		"failoverRoutingPolicies": []any{map[string]any{"type": "PRIMARY"}},
		"ttl":                     60.0,
	}, "ttl", 300.0).
	Accepts(rule.Properties{
		"zoneId":  "Z1",
		"name":    "www",
		"type":    "CNAME",
		"records": []any{"tandem.example"},
		"ttl":     3600.0,
	}))
