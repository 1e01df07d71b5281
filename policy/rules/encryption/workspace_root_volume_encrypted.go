package encryption

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "workspace-root-volume-encrypted",
	Title:       "Root volumes of WorkSpaces are encrypted.",
	Severity:    rule.Medium,
	Description: "A desktop keeps what its user opened, and it is settled when the desktop is made.",
	Remedy:      "set rootVolumeEncryptionEnabled to true and volumeEncryptionKey to a key",
	Check:       rule.That("rootVolumeEncryptionEnabled", rule.IsTrue),
}.On("aws:workspaces/workspace:Workspace", rule.Properties{
	"bundleId":                    "wsb-1",
	"directoryId":                 "d-1",
	"userName":                    "ann",
	"rootVolumeEncryptionEnabled": true,
}, "rootVolumeEncryptionEnabled", false, rule.Missing))
