package protection

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "route53-no-force-destroy",
	Title:       "Route 53 zones are not emptied to be deleted.",
	Severity:    rule.Medium,
	Description: "Otherwise the removal of one line of a program removes all that is in it.",
	Remedy:      "leave forceDestroy out",
	Check:       rule.That("forceDestroy", rule.IsNotTrue),
	Fix:         []rule.Fix{{Property: "forceDestroy", Value: false}},
}.On("aws:route53/zone:Zone", rule.Properties{"name": "tandem.example", "forceDestroy": false}, "forceDestroy", true))
