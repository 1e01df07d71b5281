package exposure

import "github.com/tandem-platform/tandem/policy/rule"

// accessBlockParts are the four parts of a public access block. Each defaults to
// false.
var accessBlockParts = []string{"blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"}

var _ = rules.Add(rule.Rule{
	ID:       "s3-public-access-block-complete",
	Title:    "Public access blocks of S3 buckets block all public access.",
	Severity: rule.High,
	Description: "Each of the four parts closes another way in: new ACLs, new policies, ACLs that are there already, and " +
		"policies that are there already.",
	Remedy: "set it to true",
	Types:  []string{accessBlock},
	Check: func(r rule.Resource) []rule.Finding {
		var findings []rule.Finding
		for _, part := range accessBlockParts {
			findings = append(findings, rule.That(part, rule.IsTrue)(r)...)
		}
		return findings
	},
	Good: []rule.Example{blockWithout("", nil)},
	Bad: []rule.Example{
		blockWithout("blockPublicAcls", false),
		blockWithout("blockPublicPolicy", false),
		blockWithout("ignorePublicAcls", false),
		blockWithout("restrictPublicBuckets", false),
		blockWithout("restrictPublicBuckets", nil),
	},
})

// blockWithout is a public access block with another value, or none, for one of
// its parts.
func blockWithout(part string, value any) rule.Example {
	properties := map[string]any{"bucket": "files"}
	for _, p := range accessBlockParts {
		properties[p] = true
	}
	delete(properties, part)
	if value != nil {
		properties[part] = value
	}
	return rule.Example{{Type: accessBlock, Name: "files-block", Properties: properties}}
}
