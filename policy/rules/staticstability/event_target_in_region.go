package staticstability

import (
	"github.com/tandem-platform/tandem/policy/rule"
	"github.com/tandem-platform/tandem/policy/rules/internal/regions"
)

const eventTarget = "aws:cloudwatch/eventTarget:EventTarget"

var _ = rules.Add(rule.Rule{
	ID:       "event-target-in-region",
	Title:    "Event rules have targets in their own region.",
	Severity: rule.Medium,
	Description: "A target in another region hears nothing while that region is lost, and what it would have started does not " +
		"start.",
	Remedy: "give the rule a target in its own region",
	Types:  []string{eventTarget},
	CheckInStack: func(r rule.Resource, stack *rule.Stack) []rule.Finding {
		arn := r.At("arn")
		if region := regions.Elsewhere(stack, r, "arn", arn); region != "" {
			return []rule.Finding{inRegion(arn, region)}
		}
		return nil
	},
	Good: []rule.Example{
		{{Type: eventTarget, Name: "takeover", Provider: in("us-west-2"), Properties: rule.Properties{
			"rule": "takeover", "arn": "arn:aws:states:us-west-2:123456789012:stateMachine:takeover",
		}}},
		targetOfQueue("us-west-2"),
	},
	Bad: []rule.Example{
		{{Type: eventTarget, Name: "takeover", Provider: in("us-west-2"), Properties: rule.Properties{
			"rule": "takeover", "arn": "arn:aws:states:us-east-1:123456789012:stateMachine:takeover",
		}}},
		targetOfQueue("us-east-1"),
	},
})

// targetOfQueue has a target in us-west-2 that is a queue of some region.
func targetOfQueue(region string) rule.Example {
	return rule.Example{
		{Type: "aws:sqs/queue:Queue", Name: "signals", Provider: in(region), Properties: rule.Properties{"sqsManagedSseEnabled": true}},
		{Type: eventTarget, Name: "takeover", Provider: in("us-west-2"), Properties: rule.Properties{
			"rule": "takeover", "arn": rule.Ref{Resource: "signals", Property: "arn"},
		}},
	}
}
