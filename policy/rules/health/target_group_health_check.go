package health

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "target-group-health-check",
	Title:       "Target groups check the health of their targets.",
	Severity:    rule.Medium,
	Description: "Otherwise requests go to targets that do not answer.",
	Remedy:      "leave healthCheck.enabled out",
	Check:       rule.That("healthCheck.enabled", rule.IsNotFalse),
	Fix:         []rule.Fix{{Property: "healthCheck.enabled", Value: true}},
}.On("aws:lb/targetGroup:TargetGroup", rule.Properties{
	"port":        8080.0,
	"protocol":    "HTTP",
	"vpcId":       "vpc-1",
	"healthCheck": map[string]any{"enabled": true},
}, "healthCheck.enabled", false))
