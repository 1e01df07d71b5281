package health

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "target-group-draining",
	Title:       "Target groups let requests end.",
	Severity:    rule.Low,
	Description: "Without a delay, every deployment cuts off the requests that are under way. The default is five minutes.",
	Remedy:      "set deregistrationDelay to 5 or more",
	Check:       rule.When("targetType", rule.IsNoneOf("lambda"), rule.That("deregistrationDelay?", rule.IsAtLeast(5))),
	Fix:         []rule.Fix{{Property: "deregistrationDelay", Value: 30.0}},
}.On("aws:lb/targetGroup:TargetGroup", rule.Properties{"port": 8080.0, "protocol": "HTTP", "vpcId": "vpc-1", "deregistrationDelay": 30.0}, "deregistrationDelay", 0.0))
