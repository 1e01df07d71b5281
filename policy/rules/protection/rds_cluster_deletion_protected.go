package protection

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:       "rds-cluster-deletion-protected",
	Title:    "Aurora clusters are protected from deletion.",
	Severity: rule.High,
	Description: "A deletion that is a mistake, of a person or a program, is refused. Whoever means it turns this off " +
		"first.",
	Remedy: "set deletionProtection to true",
	Check:  rule.That("deletionProtection", rule.IsTrue),
	Fix:    []rule.Fix{{Property: "deletionProtection", Value: true}},
}.On("aws:rds/cluster:Cluster", rule.Properties{"engine": "aurora-postgresql", "deletionProtection": true}, "deletionProtection", false, rule.Missing))
