package exposure

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "endpoint-service-acceptance",
	Title:       "Endpoint services ask before they take a connection.",
	Severity:    rule.Medium,
	Description: "Otherwise every principal that is allowed connects unasked, from any of its VPCs.",
	Remedy:      "set acceptanceRequired to true",
	Check:       rule.That("acceptanceRequired", rule.IsTrue),
	Fix:         []rule.Fix{{Property: "acceptanceRequired", Value: true}},
}.On("aws:ec2/vpcEndpointService:VpcEndpointService", rule.Properties{
	"networkLoadBalancerArns": []any{"arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/net/api/1"},
	"acceptanceRequired":      true,
}, "acceptanceRequired", false))
