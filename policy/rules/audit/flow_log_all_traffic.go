package audit

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "flow-log-all-traffic",
	Title:       "Flow logs record all traffic.",
	Severity:    rule.Low,
	Description: "What was refused shows who tried; what was accepted shows who got in.",
	Remedy:      "set trafficType to ALL",
	Check:       rule.That("trafficType", rule.IsOneOf("ALL", "")),
	Fix:         []rule.Fix{{Property: "trafficType", Value: "ALL"}},
}.On("aws:ec2/flowLog:FlowLog", rule.Properties{"subnetId": "subnet-1", "logDestination": "arn:aws:s3:::flows", "trafficType": "ALL"}, "trafficType", "ACCEPT", "REJECT"))
