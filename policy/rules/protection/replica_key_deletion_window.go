package protection

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "replica-key-deletion-window",
	Title:       "Replicas of KMS keys wait at least two weeks before they are deleted.",
	Severity:    rule.Medium,
	Description: "Without its key, the data of the standby cannot be read. The default is 30 days.",
	Remedy:      "leave deletionWindowInDays out, or set it to 14 or more",
	Check:       rule.That("deletionWindowInDays?", rule.IsAtLeast(14)),
	Fix:         []rule.Fix{{Property: "deletionWindowInDays", Value: 30.0}},
}.On("aws:kms/replicaKey:ReplicaKey", rule.Properties{
	"primaryKeyArn":        "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555",
	"deletionWindowInDays": 30.0,
}, "deletionWindowInDays", 7.0))
