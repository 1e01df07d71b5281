package exposure

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "lambda-layer-not-public",
	Title:       "Lambda layers are not shared with everyone.",
	Severity:    rule.High,
	Description: "A layer is code, with what was built into it.",
	Remedy:      "name an account in principal, or set organizationId",
	Check:       rule.When("organizationId", rule.IsNotSet, rule.That("principal", rule.IsNoneOf("*"))),
}.
	On("aws:lambda/layerVersionPermission:LayerVersionPermission", rule.Properties{
		"action":        "lambda:GetLayerVersion",
		"layerName":     "tools",
		"statementId":   "share",
		"versionNumber": 1.0,
		"principal":     "123456789012",
	}, "principal", "*").
	Accepts(rule.Properties{
		"action":         "lambda:GetLayerVersion",
		"layerName":      "tools",
		"statementId":    "share",
		"versionNumber":  1.0,
		"principal":      "*",
		"organizationId": "o-example",
	}))
