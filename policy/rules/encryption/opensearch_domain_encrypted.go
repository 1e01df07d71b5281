package encryption

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "opensearch-domain-encrypted",
	Title:       "OpenSearch domains are encrypted at rest.",
	Severity:    rule.High,
	Description: "An index holds the text of what was indexed, and so do its logs and its automatic snapshots.",
	Remedy:      "set encryptAtRest.enabled to true",
	Check:       rule.That("encryptAtRest.enabled", rule.IsTrue),
	Fix:         []rule.Fix{{Property: "encryptAtRest.enabled", Value: true}},
}.On("aws:opensearch/domain:Domain", rule.Properties{"domainName": "search", "encryptAtRest": map[string]any{"enabled": true}}, "encryptAtRest.enabled", false))
