package transit

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "opensearch-tls-version",
	Title:       "OpenSearch domains talk TLS 1.2 or later.",
	Severity:    rule.Medium,
	Description: "The default still talks TLS 1.0.",
	Remedy:      "set domainEndpointOptions.tlsSecurityPolicy to Policy-Min-TLS-1-2-PFS-2023-10",
	Check:       rule.That("domainEndpointOptions.tlsSecurityPolicy", rule.IsOneOf("Policy-Min-TLS-1-2-2019-07", "Policy-Min-TLS-1-2-PFS-2023-10")),
	Fix:         []rule.Fix{{Property: "domainEndpointOptions.tlsSecurityPolicy", Value: "Policy-Min-TLS-1-2-PFS-2023-10"}},
}.On("aws:opensearch/domain:Domain", rule.Properties{
	"domainName":            "search",
	"domainEndpointOptions": map[string]any{"enforceHttps": true, "tlsSecurityPolicy": "Policy-Min-TLS-1-2-PFS-2023-10"},
}, "domainEndpointOptions.tlsSecurityPolicy", "Policy-Min-TLS-1-0-2019-07", rule.Missing))
