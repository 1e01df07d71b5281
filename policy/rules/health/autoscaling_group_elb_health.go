package health

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "autoscaling-group-elb-health",
	Title:       "Auto Scaling groups behind a load balancer believe its health checks.",
	Severity:    rule.Medium,
	Description: "By default an instance is healthy as long as it is on, whether its program answers or not.",
	Remedy:      "set healthCheckType to ELB",
	Check:       rule.When("targetGroupArns", rule.IsSet, rule.That("healthCheckType", rule.IsOneOf("ELB"))),
	Fix:         []rule.Fix{{Property: "healthCheckType", Value: "ELB"}},
}.
	On("aws:autoscaling/group:Group", rule.Properties{
		"minSize":         2.0,
		"maxSize":         4.0,
		"targetGroupArns": []any{"arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/1"},
		"healthCheckType": "ELB",
	}, "healthCheckType", "EC2", rule.Missing).
	Accepts(rule.Properties{"minSize": 2.0, "maxSize": 4.0}))
