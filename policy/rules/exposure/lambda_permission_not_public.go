package exposure

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "lambda-permission-not-public",
	Title:       "Lambda permissions are not for everyone.",
	Severity:    rule.Critical,
	Description: "Everyone is anyone with an AWS account.",
	Remedy:      "name a principal, or limit it by sourceArn, sourceAccount or principalOrgId",
	Check:       rule.When("principalOrgId", rule.IsNotSet, rule.When("sourceArn", rule.IsNotSet, rule.When("sourceAccount", rule.IsNotSet, rule.That("principal", rule.IsNoneOf("*"))))),
}.
	On("aws:lambda/permission:Permission", rule.Properties{
		"action":    "lambda:InvokeFunction",
		"function":  "resize",
		"principal": "123456789012",
	}, "principal", "*").
	Accepts(rule.Properties{
		"action":         "lambda:InvokeFunction",
		"function":       "resize",
		"principal":      "*",
		"principalOrgId": "o-example",
	}))
