package exposure

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "lambda-url-authenticated",
	Title:       "Lambda function URLs ask who calls.",
	Severity:    rule.High,
	Description: "With NONE everyone on the internet may call the function, and you pay for it.",
	Remedy:      "set authorizationType to AWS_IAM",
	Check:       rule.That("authorizationType", rule.IsOneOf("AWS_IAM")),
}.On("aws:lambda/functionUrl:FunctionUrl", rule.Properties{"functionName": "resize", "authorizationType": "AWS_IAM"}, "authorizationType", "NONE"))
