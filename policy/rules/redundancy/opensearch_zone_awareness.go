package redundancy

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "opensearch-zone-awareness",
	Title:       "OpenSearch domains spread over zones.",
	Severity:    rule.Medium,
	Description: "Without it, copies of a shard may be in one zone, and go with it.",
	Remedy:      "set clusterConfig.zoneAwarenessEnabled to true",
	Check:       rule.That("clusterConfig.zoneAwarenessEnabled", rule.IsTrue),
	Fix:         []rule.Fix{{Property: "clusterConfig.zoneAwarenessEnabled", Value: true}},
}.On("aws:opensearch/domain:Domain", rule.Properties{
	"domainName":    "search",
	"clusterConfig": map[string]any{"instanceCount": 3.0, "dedicatedMasterEnabled": true, "dedicatedMasterCount": 3.0, "zoneAwarenessEnabled": true},
}, "clusterConfig.zoneAwarenessEnabled", false, rule.Missing))
