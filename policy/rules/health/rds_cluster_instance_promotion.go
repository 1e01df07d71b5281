package health

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "rds-cluster-instance-promotion",
	Title:       "Readers of Aurora that may be promoted come first.",
	Severity:    rule.Low,
	Description: "Instances of the first two tiers alone keep the size of the writer when they scale. The default is 0.",
	Remedy:      "set promotionTier to 0 or 1",
	Check:       rule.That("promotionTier?", rule.IsAtMost(1)),
}.On("aws:rds/clusterInstance:ClusterInstance", rule.Properties{
	"clusterIdentifier": "orders",
	"engine":            "aurora-postgresql",
	"instanceClass":     "db.serverless",
	"promotionTier":     1.0,
}, "promotionTier", 15.0))
