package identity

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "efs-access-point-root",
	Title:       "EFS access points show a directory, not the whole file system.",
	Severity:    rule.Medium,
	Description: "A client of the root sees what belongs to every other one.",
	Remedy:      "set rootDirectory.path",
	Check:       rule.That("rootDirectory.path", rule.IsNoneOf("", "/")),
}.On("aws:efs/accessPoint:AccessPoint", rule.Properties{"fileSystemId": "fs-1", "rootDirectory": map[string]any{"path": "/web"}}, "rootDirectory.path", "/", rule.Missing))
