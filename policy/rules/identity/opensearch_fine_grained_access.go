package identity

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:       "opensearch-fine-grained-access",
	Title:    "OpenSearch domains know their users.",
	Severity: rule.High,
	Description: "Without fine-grained access control, whoever reaches the domain and passes its policy may read every " +
		"index.",
	Remedy: "set advancedSecurityOptions.enabled to true",
	Check:  rule.That("advancedSecurityOptions.enabled", rule.IsTrue),
}.On("aws:opensearch/domain:Domain", rule.Properties{"domainName": "search", "advancedSecurityOptions": map[string]any{"enabled": true}}, "advancedSecurityOptions.enabled", false))
