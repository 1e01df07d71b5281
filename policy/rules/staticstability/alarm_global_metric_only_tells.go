package staticstability

import (
	"slices"
	"strings"

	"github.com/tandem-platform/tandem/policy/rule"
)

var _ = rules.Add(rule.Rule{
	ID:       "alarm-global-metric-only-tells",
	Title:    "Alarms on metrics of global services only tell people.",
	Severity: rule.High,
	Description: "Such an alarm is in us-east-1, with its metric. When that region is lost it is silent, so nothing that recovers " +
		"may wait for it: no function, no automation.",
	Remedy: "let the alarm write to a topic that people read, and start recovery by a signal of the region that survives",
	Types:  []string{alarm},
	Check: rule.When("namespace", onGlobalMetric, rule.That("alarmActions.*", func(v rule.Value) bool {
		arn, _ := v.Text()
		return !slices.ContainsFunc([]string{":lambda:", ":ssm:", ":automate:", ":states:", ":ssm-incidents:"}, func(part string) bool { return strings.Contains(arn, part) })
	})),
	Good: []rule.Example{alarmOn("us-east-1", "AWS/Route53", "arn:aws:sns:us-east-1:123456789012:alarms")},
	Bad:  []rule.Example{alarmOn("us-east-1", "AWS/Route53", "arn:aws:lambda:us-east-1:123456789012:function:takeover")},
})
