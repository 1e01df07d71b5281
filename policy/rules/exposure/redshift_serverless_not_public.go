package exposure

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "redshift-serverless-not-public",
	Title:       "Redshift Serverless workgroups are not reachable from the internet.",
	Severity:    rule.Critical,
	Description: "A warehouse with a public address is one password away from everyone.",
	Remedy:      "leave publiclyAccessible out",
	Check:       rule.That("publiclyAccessible", rule.IsNotTrue),
	Fix:         []rule.Fix{{Property: "publiclyAccessible", Value: false}},
}.On("aws:redshiftserverless/workgroup:Workgroup", rule.Properties{
	"namespaceName":      "reports",
	"workgroupName":      "reports",
	"publiclyAccessible": false,
}, "publiclyAccessible", true))
