package compute

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "ecs-no-host-ipc",
	Title:       "ECS tasks do not share memory with the host.",
	Severity:    rule.Medium,
	Description: "Shared memory goes around every other boundary between tasks.",
	Remedy:      "leave ipcMode out",
	Check:       rule.That("ipcMode", rule.IsNoneOf("host")),
}.On("aws:ecs/taskDefinition:TaskDefinition", rule.Properties{"family": "web", "containerDefinitions": "[]", "ipcMode": "none"}, "ipcMode", "host"))
