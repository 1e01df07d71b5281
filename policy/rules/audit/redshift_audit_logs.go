package audit

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:       "redshift-audit-logs",
	Title:    "Redshift clusters log connections and queries.",
	Severity: rule.Medium,
	Description: "Without the audit log nobody can say who read what. A cluster with a separate logging resource needs an " +
		"exception.",
	Remedy: "set logging.enable to true",
	Check:  rule.That("logging.enable", rule.IsTrue),
}.On("aws:redshift/cluster:Cluster", rule.Properties{
	"clusterIdentifier": "reports",
	"nodeType":          "ra3.large",
	"logging":           map[string]any{"enable": true, "logDestinationType": "cloudwatch", "logExports": []any{"connectionlog"}},
}, "logging.enable", false))
