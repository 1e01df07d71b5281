package exposure

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "api-gateway-method-authorized",
	Title:       "Methods of API Gateway ask who calls.",
	Severity:    rule.High,
	Description: "A method without authorisation is open to the internet. OPTIONS is, by its nature.",
	Remedy:      "set authorization to AWS_IAM, COGNITO_USER_POOLS or CUSTOM",
	Check:       rule.When("httpMethod", rule.IsNoneOf("OPTIONS"), rule.When("apiKeyRequired", rule.IsNotTrue, rule.That("authorization", rule.IsNoneOf("NONE")))),
}.
	On("aws:apigateway/method:Method", rule.Properties{"httpMethod": "GET", "resourceId": "1", "restApi": "1", "authorization": "AWS_IAM"}, "authorization", "NONE").
	Accepts(rule.Properties{
		"httpMethod":    "OPTIONS",
		"resourceId":    "1",
		"restApi":       "1",
		"authorization": "NONE",
	}))
