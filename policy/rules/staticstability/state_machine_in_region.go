package staticstability

import (
	"github.com/tandem-platform/tandem/policy/rule"
	"github.com/tandem-platform/tandem/policy/rules/internal/regions"
)

// called are the services whose resources a state machine calls, starts, reads or
// writes. The ARN of anything else is an argument: a switchover names the cluster
// of the other region.
var called = []string{"lambda", "states", "sns", "sqs", "events", "dynamodb", "ssm", "secretsmanager", "kms", "ecs", "batch", "codebuild"}

var _ = rules.Add(rule.Rule{
	ID:       "state-machine-in-region",
	Title:    "State machines call nothing in another region.",
	Severity: rule.High,
	Description: "A service integration reaches its own region alone, and what a state machine calls elsewhere is gone with that " +
		"region. A takeover runs wholly in the region that survives.",
	Remedy: "call a function, a queue, a topic or a table of the state machine's own region",
	Types:  []string{stateMachine},
	CheckInStack: func(r rule.Resource, stack *rule.Stack) []rule.Finding {
		definition := r.At("definition")
		if region := regions.Elsewhere(stack, r, "definition", definition, called...); region != "" {
			return []rule.Finding{inRegion(definition, region)}
		}
		return nil
	},
	Good: []rule.Example{
		takeover(calling("arn:aws:lambda:us-west-2:123456789012:function:promote")),
		takeover(calling("arn:aws:states:::aws-sdk:rds:switchoverGlobalCluster")),
	},
	Bad: []rule.Example{
		takeover(calling("arn:aws:lambda:us-east-1:123456789012:function:promote")),
	},
})
