package audit

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "rds-cluster-instance-monitoring",
	Title:       "Aurora instances have enhanced monitoring.",
	Severity:    rule.Low,
	Description: "The figures of the operating system show what those of the database do not: which process, which disk.",
	Remedy:      "set monitoringInterval to 60 or less, and monitoringRoleArn",
	Check:       rule.That("monitoringInterval", rule.IsAtLeast(1)),
}.On("aws:rds/clusterInstance:ClusterInstance", rule.Properties{
	"clusterIdentifier":  "orders",
	"engine":             "aurora-postgresql",
	"instanceClass":      "db.r7g.large",
	"monitoringRoleArn":  "arn:aws:iam::123456789012:role/monitoring",
	"monitoringInterval": 60.0,
}, "monitoringInterval", 0.0, rule.Missing))
