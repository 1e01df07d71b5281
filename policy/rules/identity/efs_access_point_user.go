package identity

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "efs-access-point-user",
	Title:       "EFS access points fix the user.",
	Severity:    rule.Medium,
	Description: "Without a fixed user, a client is whoever it says it is, root included.",
	Remedy:      "set posixUser with uid and gid",
	Check:       rule.That("posixUser.uid", rule.IsSet),
}.On("aws:efs/accessPoint:AccessPoint", rule.Properties{"fileSystemId": "fs-1", "posixUser": map[string]any{"uid": 1000.0, "gid": 1000.0}}, "posixUser", rule.Missing))
