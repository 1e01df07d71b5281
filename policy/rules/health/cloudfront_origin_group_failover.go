package health

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "cloudfront-origin-group-failover",
	Title:       "Origin groups of CloudFront fail over on errors of the server.",
	Severity:    rule.Low,
	Description: "An origin that answers errors is down, as one that does not answer.",
	Remedy:      "set failoverCriteria.statusCodes to 500, 502, 503 and 504 among others",
	Check:       rule.That("originGroups.*.failoverCriteria.statusCodes", rule.HasAll("500", "502", "503", "504")),
}.On("aws:cloudfront/distribution:Distribution", rule.Properties{
	"enabled":      true,
	"originGroups": []any{map[string]any{"originId": "static", "members": []any{map[string]any{"originId": "east"}, map[string]any{"originId": "west"}}, "failoverCriteria": map[string]any{"statusCodes": []any{500.0, 502.0, 503.0, 504.0}}}},
}, "originGroups.0.failoverCriteria.statusCodes", []any{500.0}))
