package redundancy

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "opensearch-dedicated-masters",
	Title:       "OpenSearch domains have three dedicated master nodes.",
	Severity:    rule.Medium,
	Description: "Two masters cannot tell who of them is alone.",
	Remedy:      "set clusterConfig.dedicatedMasterCount to 3",
	Check:       rule.When("clusterConfig.dedicatedMasterEnabled", rule.IsTrue, rule.That("clusterConfig.dedicatedMasterCount", rule.IsAtLeast(3))),
	Fix:         []rule.Fix{{Property: "clusterConfig.dedicatedMasterCount", Value: 3.0}},
}.
	On("aws:opensearch/domain:Domain", rule.Properties{
		"domainName":    "search",
		"clusterConfig": map[string]any{"dedicatedMasterEnabled": true, "dedicatedMasterCount": 3.0},
	}, "clusterConfig.dedicatedMasterCount", 2.0, rule.Missing).
	Accepts(rule.Properties{"domainName": "search", "clusterConfig": map[string]any{"instanceCount": 3.0}}))
