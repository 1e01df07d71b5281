package parity

import (
	"strings"

	"github.com/tandem-platform/tandem/policy/rule"
)

var _ = rules.Add(rule.Rule{
	ID:       "global-member-parameter-group",
	Title:    "Members of an Aurora global database name a parameter group.",
	Severity: rule.High,
	Description: "A secondary does not take over the parameters of the primary. Without a group of its own it runs with the " +
		"defaults of the engine, and the application meets them on the day that it takes over.",
	Remedy: "set dbClusterParameterGroupName to a group with the parameters of the other region's",
	Types:  []string{auroraCluster},
	CheckInStack: func(cluster rule.Resource, stack *rule.Stack) []rule.Finding {
		if !member(cluster, stack) {
			return nil
		}
		return rule.That("dbClusterParameterGroupName", isOwnGroup)(cluster)
	},
	Good: []rule.Example{{secondary("orders")}},
	Bad: []rule.Example{
		rule.Example{secondary("orders")}.Without("dbClusterParameterGroupName"),
		rule.Example{secondary("orders")}.With("dbClusterParameterGroupName", "default.aurora-postgresql16"),
	},
})

// isOwnGroup holds for parameter groups but the default ones, which are called
// default and the engine.
func isOwnGroup(v rule.Value) bool {
	name, _ := v.Text()
	return rule.IsSet(v) && !strings.HasPrefix(name, "default.")
}
