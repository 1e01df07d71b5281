package exposure

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "ami-not-public",
	Title:       "Machine images are not shared with everyone.",
	Severity:    rule.Critical,
	Description: "An image has what was on the machine: code, configuration, and keys that were forgotten.",
	Remedy:      "name an account in accountId instead of group",
	Check:       rule.That("group", rule.IsNoneOf("all")),
}.
	On("aws:ec2/amiLaunchPermission:AmiLaunchPermission", rule.Properties{"imageId": "ami-11111111", "group": ""}, "group", "all").
	Accepts(rule.Properties{"imageId": "ami-11111111", "accountId": "123456789012"}))
