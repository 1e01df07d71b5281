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
}.Shown("aws:kms/replicaKey:ReplicaKey", rule.Example{
	{Type: "aws:kms/key:Key", Name: "data", Properties: rule.Properties{"multiRegion": true}},
	{Type: "aws:kms/replicaKey:ReplicaKey", Name: "data-west", Properties: rule.Properties{
		"primaryKeyArn": rule.Ref{Resource: "data", Property: "arn"}, "deletionWindowInDays": 30.0,
	}},
}, "deletionWindowInDays", 7.0))
