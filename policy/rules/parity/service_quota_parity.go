package parity

import (
	"fmt"

	"github.com/tandem-platform/tandem/policy/rule"
	"github.com/tandem-platform/tandem/policy/rules/internal/regions"
)

var _ = rules.Add(rule.Rule{
	ID:       "service-quota-parity",
	Title:    "A quota that is raised in two regions is raised to the same.",
	Severity: rule.High,
	Description: "The region that takes over carries the load of both. With a lower quota it stops growing where the other did " +
		"not.",
	Remedy: "request the same value in both regions",
	Types:  []string{quota},
	CheckInStack: func(r rule.Resource, stack *rule.Stack) []rule.Finding {
		v := r.At("value")
		value, known := v.Number()
		if !known || named(r) == "" {
			return nil
		}
		for _, other := range stack.OfType(quota) {
			region := regions.Of(other)
			if n, known := other.At("value").Number(); known && n > value && named(other) == named(r) && region != "" && regions.Of(r) != "" && region != regions.Of(r) {
				f := v.Finding("")
				if !v.Secret() && !other.At("value").Secret() {
					f.Value = fmt.Sprintf("%v, and %v in %s", v, n, region)
				}
				return []rule.Finding{f}
			}
		}
		return nil
	},
	Good: []rule.Example{{quotaIn("us-east-1", "L-34B43A08", 64), quotaIn("us-west-2", "L-34B43A08", 64)}},
	Bad:  []rule.Example{{quotaIn("us-east-1", "L-34B43A08", 64), quotaIn("us-west-2", "L-34B43A08", 32)}},
})
