package compute

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "ecs-no-host-network",
	Title:       "ECS tasks do not share the network of the host.",
	Severity:    rule.Medium,
	Description: "A task on the host's network reaches the machine's metadata and what listens on its loopback.",
	Remedy:      "set networkMode to awsvpc",
	Check:       rule.That("networkMode", rule.IsNoneOf("host")),
}.On("aws:ecs/taskDefinition:TaskDefinition", rule.Properties{"family": "web", "containerDefinitions": "[]", "networkMode": "awsvpc"}, "networkMode", "host"))
