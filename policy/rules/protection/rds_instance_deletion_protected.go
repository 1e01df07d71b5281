package protection

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:       "rds-instance-deletion-protected",
	Title:    "RDS instances are protected from deletion.",
	Severity: rule.High,
	Description: "A deletion that is a mistake, of a person or a program, is refused. Whoever means it turns this off " +
		"first.",
	Remedy: "set deletionProtection to true",
	Check:  rule.That("deletionProtection", rule.IsTrue),
	Fix:    []rule.Fix{{Property: "deletionProtection", Value: true}},
}.On("aws:rds/instance:Instance", rule.Properties{"instanceClass": "db.t4g.medium", "deletionProtection": true}, "deletionProtection", false, rule.Missing))
