package transit

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "opensearch-https",
	Title:       "OpenSearch domains take HTTPS alone.",
	Severity:    rule.High,
	Description: "Otherwise the endpoint answers over HTTP too, and credentials and documents pass in the clear.",
	Remedy:      "set domainEndpointOptions.enforceHttps to true",
	Check:       rule.That("domainEndpointOptions.enforceHttps", rule.IsTrue),
	Fix:         []rule.Fix{{Property: "domainEndpointOptions.enforceHttps", Value: true}},
}.On("aws:opensearch/domain:Domain", rule.Properties{
	"domainName":            "search",
	"domainEndpointOptions": map[string]any{"enforceHttps": true},
}, "domainEndpointOptions.enforceHttps", false))
