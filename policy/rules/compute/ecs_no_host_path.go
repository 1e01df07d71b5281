package compute

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "ecs-no-host-path",
	Title:       "ECS tasks mount no directories of the host.",
	Severity:    rule.Medium,
	Description: "A directory of the host is one of every task that runs there after.",
	Remedy:      "leave hostPath out: use EFS or a volume of the task",
	Check:       rule.That("volumes.*.hostPath", rule.IsNotSet),
}.On("aws:ecs/taskDefinition:TaskDefinition", rule.Properties{
	"family":               "web",
	"containerDefinitions": "[]",
	"volumes":              []any{map[string]any{"name": "files"}},
}, "volumes.0.hostPath", "/var/run"))
