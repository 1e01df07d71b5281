package staticstability

import "github.com/tandem-platform/tandem/policy/rule"

const taskDefinition = "aws:ecs/taskDefinition:TaskDefinition"

var _ = rules.Add(rule.Rule{
	ID:       "ecs-task-in-region",
	Title:    "ECS tasks need nothing of another region to start.",
	Severity: rule.High,
	Description: "A task is started by fetching its images and its secrets. From another region neither arrives once that region " +
		"is lost, which is when more tasks are needed.",
	Remedy:       "replicate the image or the secret, and name the replica in the task's own region",
	Types:        []string{taskDefinition},
	CheckInStack: inOwnRegion("containerDefinitions"),
	Good:         []rule.Example{taskFrom("us-west-2", "us-west-2")},
	Bad:          []rule.Example{taskFrom("us-east-1", "us-west-2"), taskFrom("us-west-2", "us-east-1")},
})

// taskFrom is a task in us-west-2, with its image and its secret from some regions.
func taskFrom(image, secret string) rule.Example {
	return rule.Example{{Type: taskDefinition, Name: "web", Provider: in("us-west-2"), Properties: rule.Properties{
		"family": "web",
		"containerDefinitions": `[{"name":"web","image":"123456789012.dkr.ecr.` + image + `.amazonaws.com/web:1.4.2",` +
			`"secrets":[{"name":"PASSWORD","valueFrom":"arn:aws:secretsmanager:` + secret + `:123456789012:secret:database"}]}]`,
	}}}
}
