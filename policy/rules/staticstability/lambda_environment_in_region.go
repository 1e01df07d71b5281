package staticstability

import (
	"slices"

	"github.com/tandem-platform/tandem/policy/rule"
	"github.com/tandem-platform/tandem/policy/rules/internal/regions"
)

var _ = rules.Add(rule.Rule{
	ID:       "lambda-environment-in-region",
	Title:    "Functions are told of nothing in another region.",
	Severity: rule.Medium,
	Description: "A function that reads a secret, a table or a queue of another region fails with that region. A replica in its " +
		"own region goes on.",
	Remedy:       "name the replica in the function's own region",
	Types:        []string{function},
	CheckInStack: inOwnRegion("environment.variables.*"),
	Good:         []rule.Example{functionToldOf("arn:aws:secretsmanager:us-west-2:123456789012:secret:database")},
	Bad: []rule.Example{
		functionToldOf("arn:aws:secretsmanager:us-east-1:123456789012:secret:database"),
		functionToldOf("https://sqs.us-east-1.amazonaws.com/123456789012/orders"),
	},
})

// inOwnRegion is a check that no text at a path names another region.
func inOwnRegion(path string) func(rule.Resource, *rule.Stack) []rule.Finding {
	return func(r rule.Resource, _ *rule.Stack) []rule.Finding {
		own := regions.Of(r)
		if own == "" {
			return nil
		}
		var findings []rule.Finding
		for _, v := range r.Each(path) {
			text, _ := v.Text()
			named := regions.Named(text)
			if i := slices.IndexFunc(named, func(region string) bool { return region != own }); i >= 0 {
				findings = append(findings, inRegion(v, named[i]))
			}
		}
		return findings
	}
}

func functionToldOf(what string) rule.Example {
	return rule.Example{{Type: function, Name: "orders", Provider: in("us-west-2"), Properties: rule.Properties{
		"role": "arn:aws:iam::123456789012:role/orders", "environment": map[string]any{"variables": map[string]any{"SOURCE": what}},
	}}}
}
