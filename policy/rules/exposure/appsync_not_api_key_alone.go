package exposure

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "appsync-not-api-key-alone",
	Title:       "AppSync APIs do not authenticate by an API key.",
	Severity:    rule.High,
	Description: "An API key is in every client that uses it, so it says nothing about who calls.",
	Remedy:      "set authenticationType to AWS_IAM, AMAZON_COGNITO_USER_POOLS, OPENID_CONNECT or AWS_LAMBDA",
	Check:       rule.That("authenticationType", rule.IsNoneOf("API_KEY")),
}.On("aws:appsync/graphQLApi:GraphQLApi", rule.Properties{"name": "orders", "authenticationType": "AWS_IAM"}, "authenticationType", "API_KEY"))
