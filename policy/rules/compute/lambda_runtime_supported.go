package compute

import "github.com/tandem-platform/tandem/policy/rule"

// ended are the runtimes whose support has ended (Lambda developer guide,
// deprecated runtimes).
var ended = []string{
	"dotnet6",
	"dotnet7",
	"dotnet5.0",
	"dotnetcore3.1",
	"dotnetcore2.1",
	"go1.x",
	"java8",
	"nodejs18.x",
	"nodejs16.x",
	"nodejs14.x",
	"nodejs12.x",
	"nodejs10.x",
	"provided",
	"python3.9",
	"python3.8",
	"python3.7",
	"python3.6",
	"python2.7",
	"ruby3.2",
	"ruby2.7",
	"ruby2.5",
}

var _ = rules.Add(rule.Rule{
	ID:          "lambda-runtime-supported",
	Title:       "Lambda functions use a runtime that gets updates.",
	Severity:    rule.Medium,
	Description: "A runtime that is over gets no more fixes, and after some months no function with it can be changed.",
	Remedy:      "set runtime to a current version",
	Check:       rule.That("runtime", rule.IsNoneOf(ended...)),
}.
	On("aws:lambda/function:Function", rule.Properties{
		"role":    "arn:aws:iam::123456789012:role/resize",
		"runtime": "python3.13",
		"handler": "main.handle",
	}, "runtime", "python3.8", "nodejs16.x", "go1.x").
	Accepts(rule.Properties{
		"role":        "arn:aws:iam::123456789012:role/resize",
		"packageType": "Image",
		"imageUri":    "123456789012.dkr.ecr.us-east-1.amazonaws.com/resize:1",
	}))
