package exposure

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:       "opensearch-in-vpc",
	Title:    "OpenSearch domains are inside a VPC.",
	Severity: rule.High,
	Description: "A domain outside has a public endpoint, kept shut by its access policy alone. It is settled when the " +
		"domain is made.",
	Remedy: "set vpcOptions.subnetIds and vpcOptions.securityGroupIds",
	Check:  rule.That("vpcOptions.subnetIds", rule.IsSet),
}.On("aws:opensearch/domain:Domain", rule.Properties{
	"domainName": "search",
	"vpcOptions": map[string]any{"subnetIds": []any{"subnet-1"}},
}, "vpcOptions.subnetIds", rule.Missing, []any{}))
