package protection

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "secret-recovery-window",
	Title:       "Secrets can be restored for a week at least.",
	Severity:    rule.Medium,
	Description: "A secret with no window is gone at once, and everything that it opened is shut. The default is 30 days.",
	Remedy:      "leave recoveryWindowInDays out",
	Check:       rule.That("recoveryWindowInDays?", rule.IsAtLeast(7)),
	Fix:         []rule.Fix{{Property: "recoveryWindowInDays", Value: 30.0}},
}.On("aws:secretsmanager/secret:Secret", rule.Properties{"name": "web", "recoveryWindowInDays": 30.0}, "recoveryWindowInDays", 0.0))
