package plaintext

import (
	"github.com/tandem-platform/tandem/policy/rule"
	"github.com/tandem-platform/tandem/policy/rules/internal/secrets"
)

var _ = rules.Add(rule.Rule{
	ID:          "ecs-no-plaintext-secrets",
	Title:       "Definitions of ECS tasks hold no secrets.",
	Severity:    rule.High,
	Description: "Whoever may describe the task reads its environment, and every revision is kept.",
	Remedy:      "use secrets with valueFrom",
	Check:       secrets.NoneIn("containerDefinitions"),
}.On("aws:ecs/taskDefinition:TaskDefinition", rule.Properties{
	"family":               "web",
	"containerDefinitions": `[{"name":"web","secrets":[{"name":"DATABASE_PASSWORD","valueFrom":"arn:aws:secretsmanager:us-east-1:123456789012:secret:db"}]}]`,
}, "containerDefinitions", `[{"name":"web","environment":[{"name":"KEY","value":"AKIAIOSFODNN7EXAMPLE"}]}]`))
