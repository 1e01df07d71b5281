package protection

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "backup-vault-no-force-destroy",
	Title:       "Backup vaults are not emptied to be deleted.",
	Severity:    rule.Medium,
	Description: "Otherwise the removal of one line of a program removes all that is in it.",
	Remedy:      "leave forceDestroy out",
	Check:       rule.That("forceDestroy", rule.IsNotTrue),
	Fix:         []rule.Fix{{Property: "forceDestroy", Value: false}},
}.On("aws:backup/vault:Vault", rule.Properties{"name": "daily", "forceDestroy": false}, "forceDestroy", true))
