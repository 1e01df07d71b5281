package staticstability

import (
	"github.com/tandem-platform/tandem/policy/rule"
	"github.com/tandem-platform/tandem/policy/rules/internal/regions"
)

const alarm = "aws:cloudwatch/metricAlarm:MetricAlarm"

// onGlobalMetric holds for the namespaces of metrics that are in us-east-1 alone.
var onGlobalMetric = rule.IsOneOf("AWS/Route53", "AWS/CloudFront", "AWS/Billing")

var _ = rules.Add(rule.Rule{
	ID:       "alarm-global-metric-region",
	Title:    "Alarms on metrics of global services are where the metrics are.",
	Severity: rule.Medium,
	Description: "Metrics of Route 53's health checks, of CloudFront and of the bill are in us-east-1 alone. Elsewhere an alarm on " +
		"them waits for data for ever.",
	Remedy: "make the alarm in us-east-1, or watch the endpoint from the alarm's own region with a canary",
	Types:  []string{alarm},
	Check: rule.When("namespace", onGlobalMetric, func(r rule.Resource) []rule.Finding {
		region := regions.Of(r)
		if region == "" || region == regions.Global {
			return nil
		}
		return []rule.Finding{inRegion(r.At("namespace"), region)}
	}),
	Good: []rule.Example{alarmOn("us-east-1", "AWS/Route53", ""), alarmOn("us-west-2", "AWS/RDS", "")},
	Bad:  []rule.Example{alarmOn("us-west-2", "AWS/Route53", "")},
})

// alarmOn is an alarm on a metric of a namespace, with an action if there is one.
func alarmOn(region, namespace, action string) rule.Example {
	properties := rule.Properties{"namespace": namespace, "comparisonOperator": "LessThanThreshold", "evaluationPeriods": 1.0}
	if action != "" {
		properties["alarmActions"] = []any{action}
	}
	return rule.Example{{Type: alarm, Name: "endpoint", Provider: in(region), Properties: properties}}
}
