package protection

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "ecr-no-force-delete",
	Title:       "ECR repositories are not emptied to be deleted.",
	Severity:    rule.Medium,
	Description: "Otherwise the removal of one line of a program removes all that is in it.",
	Remedy:      "leave forceDelete out",
	Check:       rule.That("forceDelete", rule.IsNotTrue),
	Fix:         []rule.Fix{{Property: "forceDelete", Value: false}},
}.On("aws:ecr/repository:Repository", rule.Properties{"name": "web", "forceDelete": false}, "forceDelete", true))
