package exposure

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "ecs-service-no-public-address",
	Title:       "Tasks of ECS services get no public address.",
	Severity:    rule.High,
	Description: "A task with a public address is reached around the load balancer, its rules and its WAF.",
	Remedy:      "leave networkConfiguration.assignPublicIp out and use private subnets",
	Check:       rule.That("networkConfiguration.assignPublicIp", rule.IsNotTrue),
	Fix:         []rule.Fix{{Property: "networkConfiguration.assignPublicIp", Value: false}},
}.On("aws:ecs/service:Service", rule.Properties{
	"taskDefinition":       "web",
	"networkConfiguration": map[string]any{"subnets": []any{"subnet-1"}, "assignPublicIp": false},
}, "networkConfiguration.assignPublicIp", true))
