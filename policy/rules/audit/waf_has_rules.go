package audit

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "waf-has-rules",
	Title:       "Web ACLs have rules.",
	Severity:    rule.Medium,
	Description: "A web ACL without a rule lets everything through, or nothing.",
	Remedy:      "set rules, such as the managed group AWSManagedRulesCommonRuleSet",
	Check:       rule.That("rules", rule.IsSet),
}.On("aws:wafv2/webAcl:WebAcl", rule.Properties{
	"scope": "REGIONAL",
	"rules": []any{map[string]any{"name": "common", "priority": 1.0, "visibilityConfig": map[string]any{"cloudwatchMetricsEnabled": true, "metricName": "common", "sampledRequestsEnabled": true}}},
}, "rules", rule.Missing, []any{}))
