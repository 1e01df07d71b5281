package encryption

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:       "kms-key-deletion-window",
	Title:    "KMS keys wait at least two weeks before they are deleted.",
	Severity: rule.Medium,
	Description: "What a deleted key encrypted is lost. The wait is the time in which someone notices. The default is 30 " +
		"days.",
	Remedy: "leave deletionWindowInDays out, or set it to 14 or more",
	Check:  rule.That("deletionWindowInDays?", rule.IsAtLeast(14)),
	Fix:    []rule.Fix{{Property: "deletionWindowInDays", Value: 30.0}},
}.On("aws:kms/key:Key", rule.Properties{"description": "orders", "deletionWindowInDays": 30.0}, "deletionWindowInDays", 7.0))
