package spending

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "opensearch-gp3",
	Title:       "OpenSearch domains use storage of type gp3.",
	Severity:    rule.Low,
	Description: "gp3 costs a tenth less than gp2 and has more throughput.",
	Remedy:      "set ebsOptions.volumeType to gp3",
	Check:       rule.That("ebsOptions.volumeType", rule.IsNoneOf("gp2", "io1", "standard")),
	Fix:         []rule.Fix{{Property: "ebsOptions.volumeType", Value: "gp3"}},
}.On("aws:opensearch/domain:Domain", rule.Properties{
	"domainName": "search",
	"ebsOptions": map[string]any{"ebsEnabled": true, "volumeSize": 100.0, "volumeType": "gp3"},
}, "ebsOptions.volumeType", "gp2"))
