package spending

import "github.com/tandem-platform/tandem/policy/rule"

const repository = "aws:ecr/repository:Repository"

var _ = rules.Add(rule.Rule{
	ID:          "ecr-lifecycle-policy",
	Title:       "ECR repositories have a lifecycle policy.",
	Severity:    rule.Low,
	Description: "Every build leaves an image. Without a policy they are all paid for, for ever.",
	Remedy:      "add a LifecyclePolicy that keeps as many images as a rollback needs",
	Types:       []string{repository},
	CheckInStack: func(r rule.Resource, stack *rule.Stack) []rule.Finding {
		if stack.MayName(r, "repository", []string{"name"}, "aws:ecr/lifecyclePolicy:LifecyclePolicy") {
			return nil
		}
		return []rule.Finding{{Property: "lifecyclePolicy", Value: "missing"}}
	},
	Good: []rule.Example{{imagesOf("web"), {Type: "aws:ecr/lifecyclePolicy:LifecyclePolicy", Name: "policy", Properties: rule.Properties{
		"repository": rule.Ref{Resource: "repository", Property: "name"}, "policy": "{}",
	}}}},
	Bad: []rule.Example{{imagesOf("web")}},
})

func imagesOf(name string) rule.ExampleResource {
	return rule.ExampleResource{Type: repository, Name: "repository", Properties: rule.Properties{"name": name}}
}
