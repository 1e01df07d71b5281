package staticstability

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:       "dns-alarm-health-check-without-data",
	Title:    "Health checks on an alarm are unhealthy without data.",
	Severity: rule.High,
	Description: "The alarm of a region that is lost has no data any more. With LastKnownStatus, which is the default, the region " +
		"stays as healthy as it last was.",
	Remedy: "set insufficientDataHealthStatus to Unhealthy",
	Check:  rule.When("type", rule.IsOneOf("CLOUDWATCH_METRIC"), rule.That("insufficientDataHealthStatus", rule.IsOneOf("Unhealthy"))),
	Fix:    []rule.Fix{{Property: "insufficientDataHealthStatus", Value: "Unhealthy"}},
}.On("aws:route53/healthCheck:HealthCheck", rule.Properties{
	"type": "CLOUDWATCH_METRIC", "cloudwatchAlarmName": "home", "cloudwatchAlarmRegion": "us-west-2", "insufficientDataHealthStatus": "Unhealthy",
}, "insufficientDataHealthStatus", "LastKnownStatus", "Healthy", rule.Missing))
