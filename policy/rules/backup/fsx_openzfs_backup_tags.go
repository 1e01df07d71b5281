package backup

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "fsx-openzfs-backup-tags",
	Title:       "Backups of FSx for OpenZFS file systems carry their tags.",
	Severity:    rule.Low,
	Description: "Without tags nobody knows whose a backup is, and whether it may go.",
	Remedy:      "set copyTagsToBackups to true",
	Check:       rule.That("copyTagsToBackups", rule.IsTrue),
	Fix:         []rule.Fix{{Property: "copyTagsToBackups", Value: true}},
}.On("aws:fsx/openZfsFileSystem:OpenZfsFileSystem", rule.Properties{
	"throughputCapacity": 160.0,
	"deploymentType":     "MULTI_AZ_1",
	"copyTagsToBackups":  true,
}, "copyTagsToBackups", false, rule.Missing))
