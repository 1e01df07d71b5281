package compute

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "lambda-code-signed",
	Title:       "Lambda functions take signed code alone.",
	Severity:    rule.Low,
	Description: "With a signing configuration, code that your pipeline did not sign is not run.",
	Remedy:      "set codeSigningConfigArn",
	Check:       rule.When("packageType", rule.IsOneOf("", "Zip"), rule.That("codeSigningConfigArn", rule.IsSet)),
}.
	On("aws:lambda/function:Function", rule.Properties{
		"role":                 "arn:aws:iam::123456789012:role/resize",
		"runtime":              "python3.13",
		"codeSigningConfigArn": "arn:aws:lambda:us-east-1:123456789012:code-signing-config:csc-1",
	}, "codeSigningConfigArn", rule.Missing).
	Accepts(rule.Properties{"role": "arn:aws:iam::123456789012:role/resize", "packageType": "Image"}))
