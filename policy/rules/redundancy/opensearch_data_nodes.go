package redundancy

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "opensearch-data-nodes",
	Title:       "OpenSearch domains have three data nodes.",
	Severity:    rule.Medium,
	Description: "With fewer, a lost node takes copies of shards that are nowhere else.",
	Remedy:      "set clusterConfig.instanceCount to 3 or more",
	Check:       rule.That("clusterConfig.instanceCount", rule.IsAtLeast(3)),
}.On("aws:opensearch/domain:Domain", rule.Properties{"domainName": "search", "clusterConfig": map[string]any{"instanceCount": 3.0}}, "clusterConfig.instanceCount", 1.0, rule.Missing))
