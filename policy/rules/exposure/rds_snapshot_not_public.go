package exposure

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "rds-snapshot-not-public",
	Title:       "RDS snapshots are not shared with everyone.",
	Severity:    rule.Critical,
	Description: "Whoever restores a public snapshot has the database.",
	Remedy:      "name the accounts in sharedAccounts",
	Check:       rule.That("sharedAccounts", rule.HasNone("all")),
}.On("aws:rds/snapshot:Snapshot", rule.Properties{
	"dbInstanceIdentifier": "orders",
	"dbSnapshotIdentifier": "orders-1",
	"sharedAccounts":       []any{"123456789012"},
}, "sharedAccounts", []any{"all"}))
