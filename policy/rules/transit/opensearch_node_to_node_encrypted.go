package transit

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "opensearch-node-to-node-encrypted",
	Title:       "Nodes of an OpenSearch domain talk TLS to each other.",
	Severity:    rule.High,
	Description: "Documents move between nodes as shards do, in the clear unless this is on.",
	Remedy:      "set nodeToNodeEncryption.enabled to true",
	Check:       rule.That("nodeToNodeEncryption.enabled", rule.IsTrue),
	Fix:         []rule.Fix{{Property: "nodeToNodeEncryption.enabled", Value: true}},
}.On("aws:opensearch/domain:Domain", rule.Properties{"domainName": "search", "nodeToNodeEncryption": map[string]any{"enabled": true}}, "nodeToNodeEncryption.enabled", false))
