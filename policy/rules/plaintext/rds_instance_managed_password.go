package plaintext

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "rds-instance-managed-password",
	Title:       "Passwords of RDS instances are managed by Secrets Manager.",
	Severity:    rule.Medium,
	Description: "A password that the program gives is in its state, and stays until somebody changes it.",
	Remedy:      "set manageMasterUserPassword to true and leave password out",
	Check:       rule.When("replicateSourceDb", rule.IsNotSet, rule.When("snapshotIdentifier", rule.IsNotSet, rule.That("manageMasterUserPassword", rule.IsTrue))),
}.
	On("aws:rds/instance:Instance", rule.Properties{
		"instanceClass":            "db.t4g.medium",
		"engine":                   "postgres",
		"username":                 "keeper",
		"manageMasterUserPassword": true,
	}, "manageMasterUserPassword", false, rule.Missing).
	Accepts(rule.Properties{"instanceClass": "db.t4g.medium", "replicateSourceDb": "orders"}))
