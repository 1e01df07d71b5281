package protection

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:       "rds-global-cluster-deletion-protected",
	Title:    "RDS global clusters are protected from deletion.",
	Severity: rule.High,
	Description: "A deletion that is a mistake, of a person or a program, is refused. Whoever means it turns this off " +
		"first.",
	Remedy: "set deletionProtection to true",
	Check:  rule.That("deletionProtection", rule.IsTrue),
	Fix:    []rule.Fix{{Property: "deletionProtection", Value: true}},
}.On("aws:rds/globalCluster:GlobalCluster", rule.Properties{"globalClusterIdentifier": "orders", "deletionProtection": true}, "deletionProtection", false, rule.Missing))
