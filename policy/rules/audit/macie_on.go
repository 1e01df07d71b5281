package audit

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "macie-on",
	Title:       "Macie sessions are on.",
	Severity:    rule.Low,
	Description: "A session that is paused looks at no bucket.",
	Remedy:      "leave status out",
	Check:       rule.That("status", rule.IsNoneOf("PAUSED")),
	Fix:         []rule.Fix{{Property: "status", Value: "ENABLED"}},
}.On("aws:macie2/account:Account", rule.Properties{"status": "ENABLED"}, "status", "PAUSED"))
