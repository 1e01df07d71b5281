package compute

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "ecs-no-host-pid",
	Title:       "ECS tasks do not share the processes of the host.",
	Severity:    rule.High,
	Description: "A task that sees the processes of the host sees those of every other task on it, with their memory.",
	Remedy:      "leave pidMode out",
	Check:       rule.That("pidMode", rule.IsNoneOf("host")),
}.On("aws:ecs/taskDefinition:TaskDefinition", rule.Properties{"family": "web", "containerDefinitions": "[]", "pidMode": "task"}, "pidMode", "host"))
