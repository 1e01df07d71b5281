package identity

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "elasticache-authentication",
	Title:       "ElastiCache replication groups ask for a password or a user.",
	Severity:    rule.Medium,
	Description: "Otherwise whoever reaches the cache may read and change it.",
	Remedy:      "set userGroupIds, or authToken",
	Check:       rule.When("userGroupIds", rule.IsNotSet, rule.That("authToken", rule.IsSet)),
}.
	On("aws:elasticache/replicationGroup:ReplicationGroup", rule.Properties{
		"description":              "sessions",
		"transitEncryptionEnabled": true,
		"authToken":                "from-a-secret",
	}, "authToken", rule.Missing).
	Accepts(rule.Properties{"description": "sessions", "userGroupIds": []any{"web"}}))
