package health

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:       "target-group-health-check-path",
	Title:    "Health checks of target groups have a path of their own.",
	Severity: rule.Low,
	Description: "The start page may be cached, or need what is not the target's fault. A path of its own says whether " +
		"this target can serve.",
	Remedy: "set healthCheck.path, such as to /healthz",
	Check:  rule.When("protocol", rule.IsOneOf("HTTP", "HTTPS"), rule.That("healthCheck.path", rule.IsNoneOf("", "/"))),
}.
	On("aws:lb/targetGroup:TargetGroup", rule.Properties{
		"port":        8080.0,
		"protocol":    "HTTP",
		"vpcId":       "vpc-1",
		"healthCheck": map[string]any{"path": "/healthz"},
	}, "healthCheck.path", "/", rule.Missing).
	Accepts(rule.Properties{"port": 53.0, "protocol": "UDP", "vpcId": "vpc-1"}))
