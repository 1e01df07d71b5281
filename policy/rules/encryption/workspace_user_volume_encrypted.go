package encryption

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "workspace-user-volume-encrypted",
	Title:       "User volumes of WorkSpaces are encrypted.",
	Severity:    rule.Medium,
	Description: "A desktop keeps its user's files, and it is settled when the desktop is made.",
	Remedy:      "set userVolumeEncryptionEnabled to true and volumeEncryptionKey to a key",
	Check:       rule.That("userVolumeEncryptionEnabled", rule.IsTrue),
}.On("aws:workspaces/workspace:Workspace", rule.Properties{
	"bundleId":                    "wsb-1",
	"directoryId":                 "d-1",
	"userName":                    "ann",
	"userVolumeEncryptionEnabled": true,
}, "userVolumeEncryptionEnabled", false, rule.Missing))
